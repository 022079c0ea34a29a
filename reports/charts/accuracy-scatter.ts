/** Top-1 against a cost: the frame of the charts that differ in their horizontal axis only. */
import type { Interval, ParetoFront } from '../../harness/analysis/analysis.js';
import { INKS } from '../palette.js';
import type { ChartGroup, ChartView } from '../view/chart-view.js';
import type { Drawing, Layer } from './chart.js';
import { candidateColor, candidateShape, described, frame, verticalTitle } from './frame.js';
import { asScale, clippedScale, scaleOver } from './scale.js';
import { HEIGHT, labelled, MARGINS } from './scatter-labels.js';
import { type CostAxis, cut, type Point, pointsOf, rowOf } from './scatter-points.js';

/** Filled symbols are blocks in LightNet, hollow ones published networks; a label starts with the rank on top-1. */
export const accuracyScatter = (view: ChartView, axis: CostAxis): Drawing | null => {
  const points = pointsOf(view, axis);
  if (points.length === 0) return null;
  const fronts = view.groups.map((group) => frontOf(group, axis.cost, points)).filter(isSpread);
  const scales = {
    x: scaleOver([
      ...points.flatMap(({ cost, costLow, costHigh }) => [cost, costLow ?? cost, costHigh ?? cost]),
      ...(axis.budget === null ? [] : [axis.budget]),
    ]),
    y: clippedScale(
      [...points.map(({ top1 }) => top1), ...usualEnds(points).flat()],
      intervalsOf(points).flat(),
    ),
  };
  const x = { field: 'cost', type: 'quantitative' as const };
  const y = { field: 'top1', type: 'quantitative' as const };
  const color = candidateColor(view.candidates);
  const shape = candidateShape(view.candidates);
  const tooltip = { field: 'tip', type: 'nominal' as const };
  const interval = {
    type: 'rule' as const,
    opacity: points.length > CROWD ? 0.15 : 0.55,
    strokeWidth: 1.5,
    aria: false,
  };
  const spec: Drawing['spec'] = {
    ...frame(MARGINS, HEIGHT, described(`Test top-1 against ${axis.noun}`, points)),
    data: {
      name: 'points',
      values: labelled(cut(points, scales.y), { fronts, scales, named: namesOn(view, fronts) }),
    },
    encoding: {
      x: {
        ...x,
        title: axis.title,
        scale: asScale(scales.x),
        axis: { tickCount: 5, grid: false, domain: true, domainColor: INKS.rule.light },
      },
      y: {
        ...y,
        scale: asScale(scales.y),
        axis: { tickCount: 5, ...verticalTitle('Test top-1 (%)', MARGINS.left) },
      },
    },
    layer: [
      ...(axis.budget === null ? [] : [budgetRule(axis.budget)]),
      ...fronts.map(frontLine),
      {
        mark: interval,
        encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
      },
      {
        mark: interval,
        encoding: { x: { field: 'costLow', type: 'quantitative' }, x2: { field: 'costHigh' }, color },
      },
      {
        transform: [{ filter: 'datum.group === "lightnet"' }],
        mark: { type: 'point', filled: true, size: points.length > MANY ? 40 : 90, opacity: 1 },
        encoding: { color, shape, tooltip, description: tooltip },
      },
      {
        transform: [{ filter: 'datum.group === "network"' }],
        mark: {
          type: 'point',
          filled: false,
          size: points.length > MANY ? 35 : 80,
          strokeWidth: 2,
          opacity: 1,
        },
        encoding: { color, shape, tooltip, description: tooltip },
      },
      leaders,
      {
        transform: [{ filter: 'isValid(datum.align)' }],
        mark: {
          type: 'text',
          align: { expr: 'datum.align' },
          baseline: 'middle',
          dx: { expr: 'datum.dx' },
          dy: { expr: 'datum.dy' },
        },
        encoding: { text: { field: 'text', type: 'nominal' } },
      },
    ],
  };
  return { spec, margins: MARGINS, rows: points.map((point) => rowOf(point, axis)) };
};

/** Of intervals that are not far wider than most: with these cut off, differences within the noise would look like more. */
const usualEnds = (points: readonly Point[]): readonly Interval[] => {
  const intervals = intervalsOf(points);
  const widths = intervals.map(([low, high]) => high - low).toSorted((a, b) => a - b);
  const widest = FAR_WIDER * (widths[widths.length >> 1] ?? 0);
  return intervals.filter(([low, high]) => high - low <= widest);
};

const FAR_WIDER = 3;

const intervalsOf = (points: readonly Point[]): readonly Interval[] =>
  points.flatMap(({ low, high }) => (low === null || high === null ? [] : [[low, high] as const]));

/** Beyond it, symbols are small, and only candidates on a front and references have their names beside them. */
const MANY = 24;

/** Beyond it, intervals are pale: all together they hide the points. */
const CROWD = 60;

/** A front over costs that hardly differ tells nothing. */
const isSpread = (front: readonly Point[]): boolean => {
  const [first, last] = [front[0], front.at(-1)];
  return first !== undefined && last !== undefined && last.cost > 1.02 * first.cost;
};

const namesOn = (
  { candidates, groups }: ChartView,
  fronts: readonly (readonly Point[])[],
): ReadonlySet<string> =>
  new Set(
    candidates.length <= MANY
      ? candidates.map(({ id }) => id)
      : [...fronts.flat().map(({ id }) => id), ...groups.map(({ reference }) => reference.id)],
  );

/** From a point to its name, where that does not stand next to it. */
const leaders: Layer = {
  transform: [{ filter: 'isValid(datum.leader)' }],
  mark: {
    type: 'rule',
    strokeWidth: 0.75,
    color: INKS.muted.light,
    aria: false,
    xOffset: { expr: 'datum.leader.fromX' },
    yOffset: { expr: 'datum.leader.fromY' },
    x2Offset: { expr: 'datum.leader.toX' },
    y2Offset: { expr: 'datum.leader.toY' },
  },
  encoding: { x2: { field: 'cost' }, y2: { field: 'top1' } },
};

const budgetRule = (target: number): Layer => ({
  data: { values: [{ budget: target }] },
  mark: { type: 'rule', strokeDash: [4, 3], color: INKS.rule.light, aria: false },
  encoding: { x: { field: 'budget', type: 'quantitative' }, y: { value: 0 }, y2: { value: 'height' } },
});

/** The candidates of a group that no other beats, cheapest first. */
const frontOf = (
  { comparable }: ChartGroup,
  cost: ParetoFront['cost'],
  points: readonly Point[],
): readonly Point[] => {
  const front = comparable.fronts.find((each) => each.cost === cost);
  const members = new Set(
    front?.points.filter(({ onFront }) => onFront).map(({ candidate }) => candidate) ?? [],
  );
  return points.filter(({ id }) => members.has(id)).toSorted((a, b) => a.cost - b.cost);
};

const frontLine = (front: readonly Point[]): Layer => ({
  data: { values: front.map(({ cost, top1 }) => ({ cost, top1 })) },
  mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1, color: INKS.rule.light, aria: false },
  encoding: {},
});
