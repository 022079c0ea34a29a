/** The order of a part's steps that keeps the fewest values at once. */

export interface Step {
  /** Of its output. */
  readonly values: number;
  /** Steps before it whose outputs it reads, each once. */
  readonly reads: readonly number[];
  /** Whether its output may take the place of an operand that is as large, or larger, and that nobody else still reads. */
  readonly isInPlace: boolean;
}

/** The first step's output is there already, and only the last one's is wanted afterwards. */
export interface Part {
  readonly steps: readonly Step[];
}

export interface Peak {
  readonly values: number;
  /** Where it is reached. */
  readonly step: number;
  /** Whether it is known that no order keeps fewer. */
  readonly isLeast: boolean;
}

/** Sets of done steps that are looked at; with more, the order found is not known to be the best. */
const MOST_STATES = 1_000;

/**
 * What has been done, not in which order, decides what is kept, so that every set of done steps is looked at once. The allowance starts
 * from what some step needs in any order, and is raised to the least that an order was refused for.
 */
export const leastPeak = (part: Part): Peak => {
  const { steps, firsts } = withoutFollowers(part.steps);
  const peakOf = (order: readonly number[], isLeast: boolean): Peak => {
    const { values, step } = peakIn(steps, order);
    return { values, step: firsts[step] ?? step, isLeast };
  };
  let allowance = Math.max(...steps.map((_, step) => least(steps, step)));
  for (let looked = 0; looked < MOST_STATES; ) {
    const { order, refused, states } = orderWithin(steps, allowance, MOST_STATES - looked);
    if (order !== null) return peakOf(order, true);
    looked += states;
    allowance = refused;
  }
  const asGiven = steps.map((_, step) => step).slice(1);
  return peakOf(asGiven, false);
};

/**
 * The steps but for those that write over the output of one step, of their own size, which nobody else reads: they run right after it, and
 * change nothing. `firsts` tells where the rest stood.
 */
const withoutFollowers = (
  steps: readonly Step[],
): { readonly steps: readonly Step[]; readonly firsts: readonly number[] } => {
  const readers = steps.map(() => 0);
  for (const { reads } of steps) for (const read of reads) readers[read] = (readers[read] ?? 0) + 1;
  const kept: Step[] = [];
  const firsts: number[] = [];
  const places: number[] = [];
  for (const [index, { values, reads, isInPlace }] of steps.entries()) {
    const [followed, ...others] = reads;
    if (followed !== undefined && others.length === 0 && isInPlace) {
      if (readers[followed] === 1 && stepAt(steps, followed).values === values) {
        places.push(places[followed] ?? 0);
        continue;
      }
    }
    places.push(kept.length);
    firsts.push(index);
    kept.push({ values, reads: [...new Set(reads.map((read) => places[read] ?? 0))], isInPlace });
  }
  return { steps: kept, firsts };
};

/** For each step the one before it that is like it, read by the same steps, too: which of them runs first makes no difference. */
const twinsBefore = (steps: readonly Step[]): readonly (number | undefined)[] => {
  const readers = steps.map((): number[] => []);
  for (const [step, { reads }] of steps.entries()) for (const read of reads) readers[read]?.push(step);
  const latest = new Map<string, number>();
  return steps.map((step, index) => {
    const likeness = JSON.stringify([step, readers[index]]);
    const before = latest.get(likeness);
    latest.set(likeness, index);
    return before;
  });
};

/** Of a step in any order: what it reads, and its output where that cannot take an operand's place. */
const least = (steps: readonly Step[], step: number): number => {
  const { values, reads, isInPlace } = stepAt(steps, step);
  const read = reads.map((one) => stepAt(steps, one).values);
  const fits = isInPlace && read.some((size) => size >= values);
  return read.reduce((sum, size) => sum + size, fits ? 0 : values);
};

const peakIn = (steps: readonly Step[], order: readonly number[]): Omit<Peak, 'isLeast'> => {
  const memory = memoryOf(steps);
  let peak = { values: memory.kept(), step: 0 };
  for (const step of order) {
    const values = memory.during(step);
    if (values > peak.values) peak = { values, step };
    memory.run(step);
  }
  return peak;
};

/** An order that never keeps more than `allowance`, else the least that was refused. */
const orderWithin = (steps: readonly Step[], allowance: number, most: number) => {
  const memory = memoryOf(steps);
  const seen = new Set<string>();
  const order: number[] = [];
  let refused = Number.POSITIVE_INFINITY;
  const complete = (): boolean => {
    if (order.length === steps.length - 1) return true;
    const state = memory.state();
    if (seen.has(state) || seen.size >= most) return false;
    seen.add(state);
    for (const step of memory.ready()) {
      const during = memory.during(step);
      if (during > allowance) {
        refused = Math.min(refused, during);
        continue;
      }
      memory.run(step);
      order.push(step);
      if (complete()) return true;
      order.pop();
      memory.takeBack(step);
    }
    return false;
  };
  return { order: complete() ? order : null, refused, states: Math.max(1, seen.size) };
};

/** What is kept while steps run one after the other. */
const memoryOf = (steps: readonly Step[]) => {
  const isDone = new Uint8Array(steps.length);
  isDone[0] = 1;
  /** How many steps still read an output; the last one's is always wanted. */
  const wanted = new Uint32Array(steps.length);
  wanted[steps.length - 1] = 1;
  for (const { reads } of steps) for (const read of reads) wanted[read] = (wanted[read] ?? 0) + 1;
  const twins = twinsBefore(steps);
  let kept = stepAt(steps, 0).values;

  const isReady = (step: number): boolean => {
    const twin = twins[step];
    return (
      isDone[step] === 0 &&
      (twin === undefined || isDone[twin] === 1) &&
      stepAt(steps, step).reads.every((read) => isDone[read] === 1)
    );
  };
  const count = (step: number, by: 1 | -1): void => {
    for (const read of stepAt(steps, step).reads) wanted[read] = (wanted[read] ?? 0) + by;
  };
  /** Of the operands that only this step still reads: their values, and those of the largest. */
  const last = (step: number): { readonly sum: number; readonly largest: number } => {
    let [sum, largest] = [0, 0];
    for (const read of stepAt(steps, step).reads) {
      if (wanted[read] !== 1) continue;
      const { values } = stepAt(steps, read);
      sum += values;
      largest = Math.max(largest, values);
    }
    return { sum, largest };
  };
  const growth = (step: number): number => stepAt(steps, step).values - last(step).sum;

  return {
    kept: () => kept,
    during: (step: number): number => {
      const { values, isInPlace } = stepAt(steps, step);
      return isInPlace && last(step).largest >= values ? kept : kept + values;
    },
    run: (step: number): void => {
      kept += growth(step);
      count(step, -1);
      isDone[step] = 1;
    },
    takeBack: (step: number): void => {
      isDone[step] = 0;
      count(step, 1);
      kept -= growth(step);
    },
    /** What can run next, what leaves the least behind first; of steps that are alike the first. */
    ready: (): readonly number[] =>
      steps
        .flatMap((_, step) => (isReady(step) ? [{ step, growth: growth(step) }] : []))
        .sort((a, b) => a.growth - b.growth)
        .map(({ step }) => step),
    state: (): string => isDone.join(''),
  };
};

/** Throws RangeError where there is no such step: a defect of the caller. */
const stepAt = (steps: readonly Step[], step: number): Step => {
  const found = steps[step];
  if (!found) throw new RangeError(`There is no step ${step}; there are ${steps.length}.`);
  return found;
};
