/** Which inputs of a channel operator its outputs depend on, as in Fig. 7 of the paper: the frame of a chart for each place. */
import type { ChannelOperatorRecord } from '../../results/plan/candidate.js';
import { HEAT } from '../palette.js';
import { listed, plural } from '../text/words.js';
import type { ChartCandidate, ChartView } from '../view/chart-view.js';
import type { Chart, Drawing, Layer } from './chart.js';
import { frame, plotWidth } from './frame.js';
import { heatMap, PANEL_MARGINS, type Panel, PIXEL, panels, TITLE_HEIGHT } from './panels.js';
import { rectanglesOf } from './rectangles.js';
import { fitted } from './text-width.js';

export const connectionPatterns1: Chart = {
  id: 'connection-patterns-1',
  title: 'Connections of the first channel operator',
  caption:
    'Which inputs (left to right) each output (top to bottom) depends on: for each layer if there are several, then for the whole. The fewer channels of a cell are connected, the paler it is.',
  draw: (view) => connectionPatternChart(view, 'channel1'),
};

export const connectionPatterns2: Chart = {
  id: 'connection-patterns-2',
  title: 'Connections of the second channel operator',
  caption:
    'Which inputs (left to right) each output (top to bottom) depends on: for each layer if there are several, then for the whole. The fewer channels of a cell are connected, the paler it is.',
  draw: (view) => connectionPatternChart(view, 'channel2'),
};

const connectionPatternChart = (view: ChartView, place: ChannelOperatorRecord['place']): Drawing | null => {
  const operators = distinctOperators(view.candidates, place);
  if (operators.every(({ isFull }) => isFull)) return null;
  const { rows, height } = stacked(operators);
  const spec: Drawing['spec'] = {
    ...frame(
      PANEL_MARGINS,
      height,
      `Receptive range of channel operators: ${operators.map(({ title }) => title).join('; ')}.`,
    ),
    data: {
      name: 'patterns',
      values: rows.flatMap(({ title, drawn }) => drawn.flatMap((each) => areasOf(title, each))),
    },
    encoding: PIXEL,
    layer: [
      heatMap('level', FULL),
      texts(
        'titles',
        rows.map(({ title, y }) => ({
          x: 0,
          y,
          text: fitted(title, BOLD_ROOM * plotWidth(PANEL_MARGINS)),
        })),
        600,
      ),
      texts(
        'channels',
        rows.flatMap(({ drawn }) =>
          drawn.map(({ pattern, panel: { x, y } }) => ({ x, y, text: channelsOf(pattern) })),
        ),
      ),
    ],
  };
  return { spec, margins: PANEL_MARGINS, key: KEY };
};

const FULL = 9;

const KEY = [
  { label: 'not connected', color: HEAT[0] },
  { label: 'connected', color: HEAT[1] },
];

interface Operator {
  readonly title: string;
  /** Its drawing is one square: where all are full, the table says it. */
  readonly isFull: boolean;
  readonly patterns: readonly Pattern[];
}

type Pattern = ChannelOperatorRecord['patterns'][number];

/** Those with the same patterns are one, with the names of all candidates that have it. */
const distinctOperators = (
  candidates: readonly ChartCandidate[],
  place: ChannelOperatorRecord['place'],
): Operator[] => {
  const found = new Map<string, { readonly record: ChannelOperatorRecord; readonly labels: string[] }>();
  for (const { label, candidate } of candidates) {
    for (const record of candidate.channelOperators ?? []) {
      if (record.place !== place) continue;
      const key = JSON.stringify(record);
      const known = found.get(key);
      if (known) known.labels.push(label);
      else found.set(key, { record, labels: [label] });
    }
  }
  return [...found.values()].map(({ record, labels }) => ({
    title: `${rangeOf(record)}: ${shortened(labels)}`,
    isFull: record.full,
    patterns: record.patterns,
  }));
};

const rangeOf = ({ inputs, min, max, full }: ChannelOperatorRecord): string => {
  if (full) return 'full range';
  return `range ${min === max ? min : `${min} to ${max}`} of ${inputs}`;
};

const shortened = (labels: readonly string[]): string =>
  labels.length <= MOST_NAMED + 1
    ? listed(labels)
    : listed([...labels.slice(0, MOST_NAMED), plural(labels.length - MOST_NAMED, 'other')]);

const MOST_NAMED = 3;

interface Row {
  readonly title: string;
  readonly y: number;
  readonly drawn: readonly DrawnPattern[];
}

interface DrawnPattern {
  readonly pattern: Pattern;
  readonly panel: Panel;
}

/** Bold letters are wider than `panelLabel` takes them to be. */
const BOLD_ROOM = 0.9;

const COLUMNS = 4;
const GAP = 18;

/** One operator under another, each with its patterns side by side below its title. */
const stacked = (
  operators: readonly Operator[],
): { readonly rows: readonly Row[]; readonly height: number } => {
  let y = 0;
  const rows = operators.map(({ title, patterns }) => {
    const { places, height } = panels(patterns.length, COLUMNS);
    const top = y + TITLE_HEIGHT;
    const drawn = patterns.flatMap((pattern, index) => {
      const panel = places[index];
      return panel === undefined ? [] : [{ pattern, panel: { ...panel, y: top + panel.y } }];
    });
    const row = { title, y, drawn };
    y = top + height + GAP;
    return row;
  });
  return { rows, height: y - GAP };
};

/** The panel, and on it what is connected. */
const areasOf = (title: string, { pattern, panel: { x, y, size } }: DrawnPattern) => {
  const [across, down] = [size / (pattern.rows[0]?.length ?? 1), size / pattern.rows.length];
  const tip = `${title}; ${channelsOf(pattern)}`;
  const top = y + TITLE_HEIGHT;
  return [
    { x, y: top, x2: x + size, y2: top + size, level: 0, tip },
    ...rectanglesOf(pattern.rows).map((part) => ({
      x: x + part.left * across,
      y: top + part.top * down,
      x2: x + part.right * across,
      y2: top + part.bottom * down,
      level: part.level,
      tip,
    })),
  ];
};

const channelsOf = ({ inputs, outputs }: Pattern): string => `${inputs} → ${outputs}`;

const texts = (
  name: string,
  values: readonly { readonly x: number; readonly y: number; readonly text: string }[],
  fontWeight: 400 | 600 = 400,
): Layer => ({
  data: { name, values: [...values] },
  mark: { type: 'text', align: 'left', baseline: 'middle', dy: TITLE_HEIGHT / 2, fontWeight },
  encoding: { text: { field: 'text', type: 'nominal' } },
});
