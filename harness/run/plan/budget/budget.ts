/** Equal budget: a candidate's free knob is turned until its cost meets the target. Costs need no weights, so that the search takes milliseconds. */
import type { BudgetMatch } from '../../../../results/plan/candidate.js';
import { UserError } from '../../../user/user-error.js';
import type { Budget, Knob } from '../suite/suite-schema.js';

/** A value of the knob and its cost. */
export interface Tried {
  readonly value: number;
  readonly cost: number;
}

/**
 * The knob's value whose cost is nearest to the target, where costs rise or fall with the knob, and one within the tolerance where
 * they go up and down; of equally near ones the smallest. Values that the part does not admit are
 * passed over. Throws UserError where no value is admitted, the knob does not change the metric, or the nearest cost is outside the
 * tolerance: it then names the nearest values on both sides.
 */
export const matchBudget = (
  candidate: string,
  { metric, target, tolerance }: Budget,
  knob: Knob,
  costAt: (value: number) => number,
): BudgetMatch => {
  const { tried, refusal } = search(knob.values, { target, tolerance }, costAt);
  const reach = reachOf(knob);
  if (tried.length === 0) throw noneAdmitted(candidate, knob, refusal);
  if (tried.length > 1 && tried.every(({ cost }) => cost === tried[0]?.cost)) {
    throw new UserError(
      `${candidate}: ${reach} does not change its ${metric} (${tried[0]?.cost}).`,
      `Use another knob, or another budget metric.`,
    );
  }
  const distance = ({ cost }: Tried): number => Math.abs(cost - target);
  const isBetter = (a: Tried, b: Tried): boolean =>
    distance(a) < distance(b) || (distance(a) === distance(b) && a.value < b.value);
  const best = tried.reduce((nearest, next) => (isBetter(next, nearest) ? next : nearest));
  const residual = (best.cost - target) / target;
  if (Math.abs(residual) > tolerance) {
    const nearest = neighbours(tried, target).map(
      ({ value, cost }) => `${knob.option}=${value} gives ${cost}`,
    );
    throw new UserError(
      `${candidate}: no value of ${reach} brings its ${metric} within ${Number((100 * tolerance).toPrecision(6))} % of ${target}.`,
      `Nearest: ${nearest.join('; ')}. Widen the knob, loosen the tolerance, or change the target, in the suite or by --budget.`,
    );
  }
  return { metric, target, tolerance, knob: knob.option, value: best.value, residual };
};

/** How a refusal names a knob. */
export const reachOf = ({ option, values }: Knob): string =>
  `${option} from ${Math.min(...values)} to ${Math.max(...values)}`;

export const noneAdmitted = (candidate: string, knob: Knob, refusal: UserError | null): UserError =>
  new UserError(
    `${candidate}: no value of ${reachOf(knob)} is valid.${refusal === null ? '' : ` ${refusal.message}`}`,
    refusal?.remedy ?? 'Widen the knob.',
  );

/** Values that are tried first, evenly spread; a knob of so few is tried out. */
const COARSE = 24;

interface SearchAim extends Pick<Budget, 'target' | 'tolerance'> {
  /** Values that are tried first, evenly spread. */
  readonly coarse?: number;
  /** Whether all values are tried where none of those is near enough. */
  readonly isExhaustive?: boolean;
}

/**
 * Costs of enough values to find one within the tolerance: evenly spread ones, and, wherever two neighbours of them lie on both sides of
 * the target, those of a bisection between. That finds the nearest of a cost that rises or falls with the knob. Where it is not near
 * enough, for costs may go up and down, all values are tried.
 */
export const search = (
  values: readonly number[],
  { target, tolerance, coarse = COARSE, isExhaustive = true }: SearchAim,
  costAt: (value: number) => number,
) => {
  const sorted = [...values].sort((a, b) => a - b);
  const attempts = new Map<number, Tried | null>();
  let refusal: UserError | null = null;
  const attempt = (index: number): Tried | null => {
    const value = sorted[index];
    const known = attempts.get(index);
    if (known !== undefined || value === undefined) return known ?? null;
    let tried: Tried | null = null;
    try {
      tried = { value, cost: costAt(value) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusal = error;
    }
    attempts.set(index, tried);
    return tried;
  };
  const firstAdmitted = (indices: readonly number[]): number | undefined =>
    indices.find((index) => attempt(index) !== null);
  const isBelow = (index: number): boolean => (attempt(index)?.cost ?? 0) < target;
  const bisect = (low: number, high: number): void => {
    const middle = firstAdmitted(outwards(low, high));
    if (middle === undefined) return;
    if (isBelow(middle) === isBelow(low)) bisect(middle, high);
    else bisect(low, middle);
  };

  const step = Math.ceil(sorted.length / coarse);
  const spread = sorted.flatMap((_, start) => {
    if (start % step !== 0 && start !== sorted.length - 1) return [];
    return firstAdmitted(range(start, Math.min(start + step, sorted.length))) ?? [];
  });
  spread.forEach((low, i) => {
    const high = spread[i + 1];
    if (high !== undefined && isBelow(low) !== isBelow(high)) bisect(low, high);
  });
  const isNear = (tried: Tried | null): boolean =>
    tried !== null && Math.abs(tried.cost - target) <= tolerance * target;
  if (isExhaustive && ![...attempts.values()].some(isNear)) for (const index of sorted.keys()) attempt(index);
  return {
    tried: [...attempts.values()].filter((tried) => tried !== null),
    refusal: refusal as UserError | null,
  };
};

/** Whole numbers from start (included) to end (excluded). */
const range = (start: number, end: number): readonly number[] =>
  Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);

/** The whole numbers between, from the middle outwards. */
const outwards = (low: number, high: number): readonly number[] => {
  const middle = (low + high) / 2;
  return [...range(low + 1, high)].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
};

/** The nearest on both sides of the target, as far as there are. */
export const neighbours = <T extends Tried>(tried: readonly T[], target: number): readonly T[] => {
  const byCost = tried.toSorted((a, b) => a.cost - b.cost);
  const sides = [byCost.findLast(({ cost }) => cost <= target), byCost.find(({ cost }) => cost > target)];
  return sides.filter((side) => side !== undefined);
};
