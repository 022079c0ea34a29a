/** Two counted budgets at once, such as equal parameters and equal multiply-adds: two knobs are turned together, or one as far as it reaches. */

import type { CountedMetric } from '../../../../results/plan/budget-metrics.js';
import type { BudgetMatch } from '../../../../results/plan/candidate.js';
import { UserError } from '../../../user/user-error.js';
import type { Budget, Knob } from '../suite/suite-schema.js';
import { noneAdmitted, reachOf, search } from './budget.js';

export type Settings = Readonly<Record<string, number>>;

export type CountedBudget<M extends CountedMetric = CountedMetric> = Budget & { readonly metric: M };

export const isCounted = (budget: Budget): budget is CountedBudget => budget.metric !== 'latency';

interface Tried {
  readonly settings: Settings;
  /** (cost - target) / target of both budgets. */
  readonly residuals: readonly [number, number];
  /** The larger residual as a share of its tolerance: 1 or less is met. */
  readonly miss: number;
}

/** Values of a knob that are tried first, evenly spread; between neighbours on both sides of a target follows a bisection. */
const COARSE = 6;

/**
 * The settings of one or two knobs whose costs come nearest to both targets. For a value of the second knob the first one is turned to the
 * first budget, and the second one to the second budget of what comes of that, by bisection; where that is not near enough, since costs
 * may go up and down, every value of the second knob is tried. Throws UserError where no setting is admitted, or
 * none that was tried is within both tolerances: it then says how near the nearest came.
 */
export const matchTwoBudgets = <M extends CountedMetric>(
  candidate: string,
  [first, second]: readonly [CountedBudget<M>, CountedBudget<M>],
  [inner, outer]: readonly [Knob] | readonly [Knob, Knob],
  costsAt: (settings: Settings) => Readonly<Record<M, number>>,
): BudgetMatch => {
  const tried: Tried[] = [];
  const attempt = (settings: Settings): Readonly<Record<M, number>> => {
    const costs = costsAt(settings);
    const residuals = [first, second].map(({ metric, target }) => (costs[metric] - target) / target);
    const [one = Number.NaN, two = Number.NaN] = residuals;
    const miss = Math.max(Math.abs(one) / first.tolerance, Math.abs(two) / second.tolerance);
    tried.push({ settings, residuals: [one, two], miss });
    return costs;
  };
  const turnInner = (
    { metric, target, tolerance }: CountedBudget<M>,
    fixed: Settings,
    isExhaustive: boolean,
  ) =>
    search(
      inner.values,
      { target, tolerance, coarse: COARSE, isExhaustive },
      (value) => attempt({ ...fixed, [inner.option]: value })[metric],
    );
  const turnOuter = ({ option, values }: Knob) =>
    search(values, { ...second, coarse: COARSE, isExhaustive: false }, (value) => {
      const fixed = { [option]: value };
      const { tried: turned, refusal } = turnInner(first, fixed, false);
      const off = (cost: number): number => Math.abs(cost - first.target);
      const [best] = turned.toSorted((a, b) => off(a.cost) - off(b.cost));
      if (best === undefined) throw refusal ?? new RangeError(`The knob ${inner.option} has no values.`);
      return attempt({ ...fixed, [inner.option]: best.value })[second.metric];
    });
  const isMet = (): boolean => tried.some(({ miss }) => miss <= 1);

  let refusal: UserError | null = null;
  if (outer !== undefined) ({ refusal } = turnOuter(outer));
  if (!isMet()) {
    const fixed = outer === undefined ? [{}] : outer.values.map((value) => ({ [outer.option]: value }));
    for (const settings of fixed) {
      for (const budget of [first, second]) {
        refusal = turnInner(budget, settings, outer === undefined).refusal ?? refusal;
      }
    }
  }
  const [nearest] = tried.toSorted((a, b) => a.miss - b.miss);
  if (nearest === undefined) throw noneAdmitted(candidate, inner, refusal);
  if (nearest.miss > 1) throw outOfReach(candidate, [first, second], [inner, outer], nearest);
  return {
    metric: first.metric,
    target: first.target,
    tolerance: first.tolerance,
    knob: inner.option,
    value: nearest.settings[inner.option] ?? Number.NaN,
    residual: nearest.residuals[0],
    second: {
      metric: second.metric,
      target: second.target,
      tolerance: second.tolerance,
      residual: nearest.residuals[1],
      ...(outer === undefined
        ? {}
        : { knob: { option: outer.option, value: nearest.settings[outer.option] ?? Number.NaN } }),
    },
  };
};

const outOfReach = (
  candidate: string,
  budgets: readonly [CountedBudget, CountedBudget],
  knobs: readonly (Knob | undefined)[],
  { settings, residuals }: Tried,
): UserError => {
  const bounds = budgets.map(
    ({ metric, target, tolerance }) =>
      `its ${metric} within ${Number((100 * tolerance).toPrecision(6))} % of ${target}`,
  );
  const reach = knobs.flatMap((knob) => (knob === undefined ? [] : reachOf(knob)));
  const chosen = Object.entries(settings).map(([option, value]) => `${option}=${value}`);
  const off = budgets.map(({ metric }, i) => `${metric} ${(100 * (residuals[i] ?? 0)).toFixed(1)} % off`);
  return new UserError(
    `${candidate}: ${reach.join(' and ')} cannot bring ${bounds.join(' and ')}.`,
    `Nearest: ${chosen.join(' ')}, ${off.join(', ')}. ${knobs[1] === undefined ? 'Widen the knob, add a second one' : 'Widen the knobs'}, loosen a tolerance, or change a target.`,
  );
};
