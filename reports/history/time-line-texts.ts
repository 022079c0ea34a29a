/** The texts of timelines: titles, what changed, and the ends of the axes. */
import type { RunName } from '../../harness/analysis/history/history.js';
import type { HistoryMetric } from '../../results/history/history.js';
import type { Layer } from '../charts/chart.js';
import { PIXEL } from '../charts/panels.js';
import { fitted, textWidth } from '../charts/text-width.js';
import { INKS } from '../palette.js';
import {
  between,
  extentOf,
  type Layout,
  MARGINS,
  placeInLane,
  type Row,
  type TimeLines,
  WIDTH,
} from './row-layout.js';
import { axisText, breakKey, commitText, dayText, effectText, METRIC_WORDS } from './words.js';

/** The candidate at the left, its last value at the right. */
export const titleTexts = ({ rows }: Layout, metric: HistoryMetric): Layer[] => {
  const titles = rows.map(({ candidate, series, top }) => {
    const last = series.points.at(-1);
    const value = last === undefined ? '' : METRIC_WORDS[metric].value(last.value);
    const room = MARGINS.left + WIDTH - textWidth(value) - 12;
    return { y: top + 7, value, name: fitted(candidate, room / BOLD) };
  });
  return [
    texts('titles', titles, 'name', { x: 2 - MARGINS.left, align: 'left', fontWeight: 600 }),
    texts('titles', titles, 'value', { x: WIDTH, align: 'right', color: INKS.muted.light }),
  ];
};

/** Bold text is wider. */
const BOLD = 1.2;

/** Size and commit of every change, and the letter of a break, above the plot. */
export const laneTexts = (
  layout: Layout,
  { suite, metric, letters }: Pick<TimeLines, 'suite' | 'metric' | 'letters'>,
): Layer[] => {
  const labels = layout.rows.flatMap(({ series, lane }) =>
    placeInLane([
      ...series.changes.map((change) => ({
        x: between(layout, change),
        texts: [`${effectText(metric, change)} ${commitText(change.after)}`, effectText(metric, change)],
      })),
      ...(series.break === null
        ? []
        : [{ x: between(layout, series.break), texts: [letters.get(breakKey(suite, series.break)) ?? ''] }]),
    ]).map(({ text, middle }) => ({ x: middle, y: lane + 6, text })),
  );
  return [texts('labels', labels, 'text', { align: 'center' })];
};

/** Least and greatest value at the left of every row; days at the foot of the figure. */
export const axisTexts = (
  { rows, height, xOf }: Layout,
  metric: HistoryMetric,
  runs: readonly RunName[],
): Layer[] => {
  const muted = { color: INKS.muted.light };
  const days = daysOf(runs).map((run) => {
    const half = textWidth(dayText(run)) / 2;
    return { x: Math.min(xOf(run), WIDTH + MARGINS.right - half), y: height + 14, text: dayText(run) };
  });
  return [
    texts(
      'ends',
      rows.flatMap((row) => endsOf(row, metric)),
      'text',
      { x: -6, align: 'right', ...muted },
    ),
    texts('days', days, 'text', { align: 'center', ...muted }),
  ];
};

const endsOf = ({ series, yOf }: Row, metric: HistoryMetric) => {
  const drawn = series.points.flatMap(extentOf);
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const ends = low === high ? [low] : [low, high];
  return ends.map((end) => ({ y: yOf(end), text: axisText(metric, end, ends) }));
};

/** Runs whose days are written below: the first, the last, and some between. */
const daysOf = (runs: readonly RunName[]): readonly RunName[] => {
  const last = runs.length - 1;
  const places = new Set(
    Array.from({ length: MAX_DAYS }, (_, tick) => Math.round((tick * last) / (MAX_DAYS - 1))),
  );
  const chosen = runs.filter((_, place) => places.has(place));
  return chosen.filter(
    (run, index) => chosen.findIndex((other) => dayText(other) === dayText(run)) === index,
  );
};

const MAX_DAYS = 4;

interface TextPlace {
  readonly align: 'left' | 'right' | 'center';
  /** Where all stand, in pixels; from the data where there is none. */
  readonly x?: number;
  readonly color?: string;
  readonly fontWeight?: 600;
}

const texts = (name: string, values: readonly object[], field: string, { x, ...look }: TextPlace): Layer => ({
  data: { name, values: values.map((value) => ({ ...value })) },
  mark: { type: 'text', baseline: 'middle', ...look },
  encoding: {
    x: x === undefined ? PIXEL.x : { value: x },
    y: PIXEL.y,
    text: { field, type: 'nominal' },
  },
});
