/** Text that is large enough on paper. */
import type { TopLevelSpec } from 'vega-lite';

/** Points, of the smallest text of a figure: what journals ask for at least. */
export const LEAST_POINTS = 6;

/** Pixels. Larger text would run into what stands beside it: of a figure that is narrower still, text stays smaller. */
const MOST_RAISED = 14;

/** The spec with no text of fewer pixels, as far as there is room. */
export const withTextOf = (spec: TopLevelSpec, pixels: number): TopLevelSpec =>
  raised(spec, Math.min(pixels, MOST_RAISED));

const raised = <T>(value: T, least: number): T => {
  if (Array.isArray(value)) return value.map((each) => raised(each, least)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      /fontSize$/i.test(key) && typeof each === 'number' ? Math.max(each, least) : raised(each, least),
    ]),
  ) as T;
};
