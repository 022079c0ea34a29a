/** One metric of all candidates of a suite: a timeline for each, one below the other, runs at the same place in all of them. */
import type { Track } from '../../harness/analysis/history/history.js';
import type { HistoryMetric } from '../../results/history/history.js';
import type { Drawing, KeyEntry } from '../charts/chart.js';
import { frame } from '../charts/frame.js';
import { AREA, PIXEL } from '../charts/panels.js';
import { INKS, lookOf } from '../palette.js';
import { plainText } from '../text/text.js';
import { plural } from '../text/words.js';
import { between, type Layout, layoutOf, MARGINS, type Row, type TimeLines, WIDTH } from './row-layout.js';
import { axisTexts, laneTexts, titleTexts } from './time-line-texts.js';
import { commitText, dayText, effectText, METRIC_WORDS } from './words.js';

export const timeLines = (content: TimeLines): Drawing => {
  const { metric, tracks, runs } = content;
  const layout = layoutOf(tracks, runs);
  const tooltip = { field: 'tip', type: 'nominal' as const };
  const line = { field: 'line', type: 'nominal' as const };
  const color = lookOf(0).color;
  const spec: Drawing['spec'] = {
    ...frame(MARGINS, layout.height, describe(content)),
    layer: [
      {
        data: {
          name: 'feet',
          values: layout.rows.map(({ plotBottom }) => ({ x: 0, x2: WIDTH, y: plotBottom })),
        },
        mark: { type: 'rule', color: INKS.grid.light, aria: false },
        encoding: { ...PIXEL, x2: AREA.x2 },
      },
      {
        data: {
          name: 'intervals',
          values: layout.rows.flatMap((row, index) => intervals(row, index, layout)),
        },
        mark: { type: 'area', opacity: 0.16, color, aria: false },
        encoding: { ...PIXEL, y2: AREA.y2, detail: line },
      },
      {
        data: { name: 'values', values: layout.rows.flatMap((row, index) => values(row, index, layout)) },
        mark: { type: 'line', strokeWidth: 1.5, color, aria: false },
        encoding: { ...PIXEL, detail: line },
      },
      {
        data: { name: 'levels', values: layout.rows.flatMap((row) => levels(row, layout)) },
        mark: { type: 'rule', strokeWidth: 1.5, color: INKS.text.light, aria: false },
        encoding: { ...PIXEL, x2: AREA.x2 },
      },
      {
        data: { name: 'runs', values: layout.rows.flatMap((row) => dots(row, layout, metric)) },
        mark: { type: 'point', filled: true, size: 18, opacity: 1, color },
        encoding: { ...PIXEL, tooltip, description: tooltip },
      },
      {
        data: { name: 'breaks', values: layout.rows.flatMap((row) => breaks(row, layout)) },
        mark: { type: 'rule', strokeWidth: 1.5, strokeDash: [2, 2], color: INKS.rule.light },
        encoding: { ...PIXEL, y2: AREA.y2, tooltip, description: tooltip },
      },
      {
        data: { name: 'changes', values: layout.rows.flatMap((row) => changes(row, layout, metric)) },
        mark: { type: 'rule', strokeWidth: 2 },
        encoding: {
          ...PIXEL,
          y2: AREA.y2,
          color: { field: 'color', type: 'nominal', scale: null },
          tooltip,
          description: tooltip,
        },
      },
      ...titleTexts(layout, metric),
      ...laneTexts(layout, content),
      ...axisTexts(layout, metric, runs),
    ],
  };
  return { spec, margins: MARGINS, key: keyOf(tracks) };
};

/** Without those between two equal ones: the line passes through them anyway. */
const values = ({ series: { points }, yOf }: Row, line: number, { xOf }: Layout) =>
  points
    .filter(({ value }, i) => value !== points[i - 1]?.value || value !== points[i + 1]?.value)
    .map(({ run, value }) => ({ line, x: xOf(run), y: yOf(value), value }));

const intervals = ({ series: { points }, yOf }: Row, line: number, { xOf }: Layout) =>
  points.flatMap(({ run, interval }) =>
    interval === null ? [] : [{ line, x: xOf(run), y: yOf(interval[0]), y2: yOf(interval[1]) }],
  );

/** Where there is more than one. */
const levels = ({ series, yOf }: Row, { xOf }: Layout) =>
  series.changes.length === 0
    ? []
    : series.levels.flatMap(({ start, end, level }) => {
        const [first, last] = [series.points[start], series.points[end - 1]];
        return first && last ? [{ x: xOf(first.run), x2: xOf(last.run), y: yOf(level), level }] : [];
      });

/** Beyond so many runs points would cover each other: the line tells all. */
const MAX_POINTS = 60;

const dots = ({ candidate, series: { points }, yOf }: Row, { xOf }: Layout, metric: HistoryMetric) =>
  points.length > MAX_POINTS
    ? []
    : points.map(({ run, value, seeds }) => ({
        x: xOf(run),
        y: yOf(value),
        tip: [
          `${candidate}, ${dayText(run)}, ${commitText(run)}: ${METRIC_WORDS[metric].value(value)}`,
          ...(seeds === null ? [] : [plural(seeds, 'seed')]),
        ].join(', '),
      }));

const breaks = ({ series, plotTop, plotBottom }: Row, layout: Layout) =>
  series.break === null
    ? []
    : [
        {
          x: between(layout, series.break),
          y: plotTop,
          y2: plotBottom,
          tip: plainText(series.break.reasons.join('; ')),
        },
      ];

const changes = ({ series, plotTop, plotBottom }: Row, layout: Layout, metric: HistoryMetric) =>
  series.changes.map((change) => ({
    x: between(layout, change),
    y: plotTop,
    y2: plotBottom,
    color: CHANGE_COLORS[change.kind],
    tip: `${change.kind}: ${effectText(metric, change)} at ${commitText(change.after)}, ${dayText(change.after)}`,
  }));

const CHANGE_COLORS = { regression: INKS.worse.light, improvement: INKS.better.light } as const;

const keyOf = (tracks: readonly Track[]): readonly KeyEntry[] => {
  const kinds = tracks.flatMap(({ series }) => series.flatMap((one) => one.changes.map(({ kind }) => kind)));
  return (['regression', 'improvement'] as const)
    .filter((kind) => kinds.includes(kind))
    .map((kind) => ({ label: kind, color: CHANGE_COLORS[kind] }));
};

const describe = ({ metric, tracks, runs }: TimeLines): string => {
  const told = tracks.flatMap(({ candidate, series }) =>
    series.flatMap((one) =>
      one.changes.map(
        (change) => `${plainText(candidate)} ${effectText(metric, change)} at ${commitText(change.after)}`,
      ),
    ),
  );
  return `${METRIC_WORDS[metric].title} of ${plural(tracks.length, 'candidate')} over ${plural(runs.length, 'run')}; ${
    told.length === 0 ? 'no change' : `changes: ${told.join('; ')}`
  }.`;
};
