/** Linear attention, which exporters write as seven nodes: they are gathered step by step, and become one operation at the quotient. */
import { UserError } from '../../../user/user-error.js';
import { UNCHANGED } from '../elementwise.js';
import { after, type Step, valueAt } from '../formula.js';
import type { LinearStep, Variable } from '../operand.js';
import { PART_OF_ATTENTION, type Site, UNSUPPORTED } from '../site.js';
import { viewShape } from '../view.js';
import { pixelsAgain, seen } from './blocked.js';
import { matricesOf, productView } from './product.js';

const standingFor = (value: Variable, step: LinearStep): Variable => ({ ...value, formula: UNCHANGED, step });

const refused = (): never => {
  throw new UserError(PART_OF_ATTENTION, UNSUPPORTED);
};

/** Values to which one more channel, of ones, is added in one of the last two dimensions; undefined where it is anything else. */
export const withOnes = (value: Variable, pads: readonly number[], fill: number): Variable | undefined => {
  const rank = value.view.length;
  const places = pads.flatMap((amount, place) => (amount === 0 ? [] : [place]));
  const [place = 0] = places;
  const isOneMore = places.length === 1 && pads[place] === 1 && pads.length === 2 * rank && fill === 1;
  if (!isOneMore || place < 2 * rank - 2) return undefined;
  return standingFor(value, { state: 'with ones', value, isLast: place === 2 * rank - 1 });
};

/** The keys by the values with ones, or the queries by these sums. */
export const productOfSteps = (site: Site): Variable => {
  const [first, second] = [site.step(0)?.step, site.step(1)?.step];
  const step = first ?? second;
  if (!step || (first && second)) return refused();
  const other = site.variable(first ? 1 : 0);
  // With the channels last, the sums are keys by values and stand behind the queries; else all is turned.
  if (step.state === 'with ones' && step.isLast === (second !== undefined))
    return standingFor(step.value, { ...step, state: 'sums', key: other });
  if (step.state === 'sums' && step.isLast === (second !== undefined))
    return standingFor(step.value, { ...step, state: 'products', query: other });
  return refused();
};

/** All channels but the last, or the last alone. */
export const sliceOfStep = (site: Site, { view, step }: Variable): Variable => {
  if (step?.state !== 'products') return refused();
  const [start, end, axis, by] = [
    site.numbers(1, 'starts', 'its start'),
    site.numbers(2, 'ends', 'its end'),
    site.numbers(3, 'axes', 'its axes'),
    site.numbers(4, 'steps', 'its step'),
  ].map((numbers) => numbers?.[0]);
  const { query, value, isLast } = step;
  const dimension = view.length - (isLast ? 1 : 2);
  const channels = viewShape(value.view)[dimension] ?? 1;
  const isAlong = axis === dimension || axis === dimension - view.length;
  if (!isAlong || (by ?? 1) !== 1 || start === undefined || end === undefined) return refused();
  if (start === 0 && (end === -1 || end === channels))
    return standingFor(query, { ...step, state: 'numerators' });
  if ((start === -1 || start === channels) && end > channels)
    return standingFor(query, { ...step, state: 'denominators' });
  return refused();
};

const plus = (added: number): Step => ({ of: (x) => x + added, constants: [added] });

/** A number added to the denominators. */
export const sumOfStep = (step: Variable, added: number): Variable =>
  step.step?.state === 'denominators'
    ? { ...step, formula: { ...step.formula, computes: after(step.formula.computes, plus(added)) } }
    : refused();

export const quotientOfSteps = (site: Site, above: Variable, below: Variable): Variable => {
  const step = above.step;
  if (step?.state !== 'numerators' || below.step?.state !== 'denominators') return refused();
  const [query, key, value] = [step.query, step.key, step.value].map((of) => matricesOf(site, of));
  if (!query || !key || !value || query.groups !== value.groups || key.groups !== value.groups)
    return refused();
  const epsilon = Number(valueAt(below.formula.computes, 0).toPrecision(6));
  const op = { kind: 'linearAttention', heads: query.groups, epsilon } as const;
  const result = seen(site, site.sketch.add(site.path(), op, [query.node, key.node, value.node]));
  const view = productView(query, result.shape, step.isLast);
  return pixelsAgain(site, { ...result, view }, query.side);
};
