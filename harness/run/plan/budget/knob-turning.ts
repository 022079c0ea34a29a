/**
 * Several knobs turned to one measured cost, by joint measurements:
 *
 *   ends      the smallest and the largest value of every knob
 *   search    halving between two values on both sides of the target
 *   confirm   the chosen values of all knobs; who is off is turned between values that were confirmed below and above the target
 *
 * A yardstick is part of every measurement. Costs are kept as multiples of its cost and read at its cost in the last measurement, so
 * that what speeds up or slows down the machine between two measurements changes no order.
 */
import type { Tried } from './budget.js';
import { type Aim, isWithin, nearest, nextConfirmed, nextProbe } from './knob-search.js';

export interface TurnedKnob {
  /** Rising. */
  readonly values: readonly number[];
}

export interface Probe<K extends TurnedKnob> {
  readonly knob: K;
  readonly value: number;
}

export interface MeasuredCost {
  readonly cost: number;
  readonly interval: readonly [number, number];
}

export interface JointMeasurement {
  readonly yardstick: number;
  /** In the order of the probes. */
  readonly costs: readonly MeasuredCost[];
}

/** The ends of every knob, the search between them, and the values found as the run will measure them. */
export type Step = 'ends' | 'search' | 'confirm';

export interface Confirmed extends Tried, MeasuredCost {}

export interface Turned<K extends TurnedKnob> {
  readonly knob: K;
  /** The one in the last measurement. */
  readonly value: number;
  /** That value and all others that were confirmed, at the speed of the last measurement. */
  readonly confirmed: readonly Confirmed[];
  /** Whether it is off the target, and no value is left to try. */
  readonly isExhausted: boolean;
}

export const MOST_CONFIRMATIONS = 6;

/**
 * Ends with a measurement in which every cost is within the tolerance, where a knob has no value left to try, or after the most
 * confirmations.
 */
export const turnKnobs = async <K extends TurnedKnob>(
  knobs: readonly K[],
  aim: Aim,
  measure: (step: Step, probes: readonly Probe<K>[]) => Promise<JointMeasurement>,
): Promise<readonly Turned<K>[]> => {
  const searches = knobs.map((knob): Search<K> => ({ knob, searched: new Map(), confirmed: new Map() }));
  let pace = Number.NaN;
  const measureInto = async (step: Step, chosen: readonly Chosen<K>[]): Promise<void> => {
    const { yardstick, costs } = await measure(
      step,
      chosen.map(({ search: { knob }, value }) => ({ knob, value })),
    );
    pace = yardstick;
    for (const [i, { search, value }] of chosen.entries()) {
      const measured = costs[i];
      const kept = step === 'confirm' ? search.confirmed : search.searched;
      if (measured) kept.set(value, scaled({ value, ...measured }, 1 / yardstick));
    }
  };

  await measureInto(
    'ends',
    searches.flatMap((search) => endsOf(search.knob).map((value) => ({ search, value }))),
  );
  for (;;) {
    const probes = searches.flatMap((search) => {
      const value = nextProbe(search.knob.values, atPace(search.searched, pace), aim);
      return value === null ? [] : [{ search, value }];
    });
    if (probes.length === 0) break;
    await measureInto('search', probes);
  }
  let chosen = searches.map((search) => ({
    search,
    value: nearest(atPace(search.searched, pace), aim.target).value,
  }));
  for (let confirmation = 1; ; confirmation += 1) {
    await measureInto('confirm', chosen);
    const next = chosen.flatMap(({ search, value }) => {
      const better = correctionOf(search, value, pace, aim);
      return better === null ? [] : [{ search, value: better }];
    });
    const stays = next.every(({ value }, i) => value === chosen[i]?.value);
    if (stays || next.length < chosen.length || confirmation === MOST_CONFIRMATIONS) break;
    chosen = next;
  }
  return chosen.map(({ search, value }) => {
    const confirmed = atPace(search.confirmed, pace);
    const isExhausted = correctionOf(search, value, pace, aim) === null;
    return { knob: search.knob, value, confirmed, isExhausted };
  });
};

interface Search<K> {
  readonly knob: K;
  /** By value, costs as multiples of the yardstick's. */
  readonly searched: Map<number, Confirmed>;
  readonly confirmed: Map<number, Confirmed>;
}

interface Chosen<K> {
  readonly search: Search<K>;
  readonly value: number;
}

const endsOf = ({ values }: TurnedKnob): readonly number[] => [
  ...new Set([...values.slice(0, 1), ...values.slice(-1)]),
];

/** Where a knob goes after a confirmation: nowhere where it is within the tolerance, null where nothing is left. */
const correctionOf = <K extends TurnedKnob>(
  { knob: { values }, searched, confirmed }: Search<K>,
  value: number,
  pace: number,
  aim: Aim,
): number | null => {
  const found = atPace(confirmed, pace);
  if (found.some((one) => one.value === value && isWithin(one, aim))) return value;
  const known = atPace(searched, pace);
  return nextConfirmed(values, known, found, rises(values, known), aim);
};

const rises = (values: readonly number[], searched: readonly Tried[]): boolean => {
  const costAt = (end: number | undefined): number =>
    searched.find(({ value }) => value === end)?.cost ?? Number.NaN;
  return costAt(values[0]) <= costAt(values.at(-1));
};

const scaled = ({ value, cost, interval: [low, high] }: Confirmed, by: number): Confirmed => ({
  value,
  cost: cost * by,
  interval: [low * by, high * by],
});

const atPace = (costs: ReadonlyMap<number, Confirmed>, pace: number): readonly Confirmed[] =>
  [...costs.values()].map((one) => scaled(one, pace));
