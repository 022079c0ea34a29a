/** Equal budget: a candidate's free knob is turned until its cost meets the target. Costs need no weights, so every value is tried. */
import type { CandidateRecord } from '../../results/record.js';
import { UserError } from '../user-error.js';
import type { Suite, SuiteCandidate } from './suite-schema.js';

export type BudgetMatch = NonNullable<CandidateRecord['budget']>;

type Budget = NonNullable<Suite['budget']>;

type Knob = NonNullable<SuiteCandidate['knob']>;

interface Tried {
  readonly value: number;
  readonly cost: number;
}

/**
 * The knob's value whose cost is nearest to the target; of equally near ones the smallest. Values that the part does not admit are
 * passed over. Throws UserError where no value is admitted, the knob does not change the metric, or the nearest cost is outside the
 * tolerance: it then names the nearest values on both sides.
 */
export const matchBudget = (
  candidate: string,
  { metric, target, tolerance }: Budget,
  knob: Knob,
  costAt: (value: number) => number,
): BudgetMatch => {
  const { tried, refusal } = tryAll(knob, costAt);
  const range = `${knob.option} from ${Math.min(...knob.values)} to ${Math.max(...knob.values)}`;
  if (tried.length === 0) {
    throw new UserError(
      `${candidate}: none of the values of ${range} is admitted${refusal === null ? '' : ` (${refusal.message})`}.`,
      refusal?.remedy ?? 'Widen the knob.',
    );
  }
  if (tried.length > 1 && tried.every(({ cost }) => cost === tried[0]?.cost)) {
    throw new UserError(
      `${candidate}: ${range} does not change its ${metric} (${tried[0]?.cost}).`,
      `Name a knob that does, or another metric for the budget.`,
    );
  }
  const distance = ({ cost }: Tried): number => Math.abs(cost - target);
  const isBetter = (a: Tried, b: Tried): boolean =>
    distance(a) < distance(b) || (distance(a) === distance(b) && a.value < b.value);
  const best = tried.reduce((nearest, next) => (isBetter(next, nearest) ? next : nearest));
  const residual = (best.cost - target) / target;
  if (Math.abs(residual) > tolerance) {
    throw new UserError(
      `${candidate}: no value of ${range} brings its ${metric} within ${Number((100 * tolerance).toPrecision(6))} % of ${target}.`,
      `Nearest: ${neighbours(tried, target, knob.option).join('; ')}. Widen the knob, loosen the tolerance, or change the target.`,
    );
  }
  return { metric, target, tolerance, knob: knob.option, value: best.value, residual };
};

const tryAll = (knob: Knob, costAt: (value: number) => number) => {
  const tried: Tried[] = [];
  let refusal: UserError | null = null;
  for (const value of knob.values) {
    try {
      tried.push({ value, cost: costAt(value) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refusal = error;
    }
  }
  return { tried, refusal };
};

const neighbours = (tried: readonly Tried[], target: number, option: string): readonly string[] => {
  const byCost = [...tried].sort((a, b) => a.cost - b.cost);
  const sides = [
    byCost.filter(({ cost }) => cost <= target).at(-1),
    byCost.find(({ cost }) => cost > target),
  ];
  return sides
    .filter((side) => side !== undefined)
    .map(({ value, cost }) => `${option}=${value} gives ${cost}`);
};
