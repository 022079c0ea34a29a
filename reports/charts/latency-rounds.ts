import { median } from '../../harness/stats/sample.js';
import { INKS } from '../palette.js';
import { signed } from '../text/numbers.js';
import type { ChartView } from '../view/chart-view.js';
import type { Chart, Drawing, Layer, Margins } from './chart.js';
import { candidateColor, frame, verticalTitle } from './frame.js';
import { linearScale } from './scale.js';

export const latencyRounds: Chart = {
  id: 'latency-rounds',
  title: 'Latency from round to round',
  caption:
    'Deviation of every round from the median of its candidate. All candidates are measured in the same rounds, so a common movement (heavy line: their median) is drift of the machine. Dotted lines separate sessions; the band is the noise floor.',
  draw: (view) => draw(view),
};

const MARGINS: Margins = { left: 40, right: 14, top: 28, bottom: 44 };
const HEIGHT = 200;

/** Beyond this, a linear axis would hide drift behind spikes: it becomes logarithmic away from zero. */
const SPIKE_PERCENT = 8;
const SYMLOG = { type: 'symlog', constant: 2 } as const;
const SYMLOG_TICKS = [-50, -20, -10, -5, -2, 0, 2, 5, 10, 20, 50, 100, 200, 500];

/** Points that can still be told apart. */
const MOST_POINTS = 3000;

const draw = (view: ChartView): Drawing | null => {
  const rounds = view.candidates.flatMap(({ label, rounds: of }) =>
    of === null ? [] : deviations(label, of.roundMs, of.medianMs),
  );
  if (rounds.length === 0) return null;
  const last = Math.max(...rounds.map(({ round }) => round));
  const starts = [...new Map(rounds.map(({ session, sessionStart }) => [session, sessionStart])).values()];
  const drift = driftOf(rounds);
  const largest = rounds.reduce((most, { percent }) => Math.max(most, Math.abs(percent)), 0);
  const spiky = largest > SPIKE_PERCENT;
  const floor = view.noiseFloor;
  const scale = linearScale([
    0,
    ...rounds.map(({ percent }) => percent),
    ...(floor === null ? [] : [-100 * floor, 100 * floor]),
  ]);
  const spec: Drawing['spec'] = {
    ...frame(
      MARGINS,
      HEIGHT,
      `Deviation of ${last} latency rounds from the median of each candidate: at most ${largest.toFixed(1)} %; the median of all candidates moves between ${Math.min(...drift.map(({ percent }) => percent)).toFixed(1)} % and ${Math.max(...drift.map(({ percent }) => percent)).toFixed(1)} %.`,
    ),
    data: { name: 'rounds', values: rounds.length > MOST_POINTS ? [] : rounds },
    encoding: {
      x: {
        field: 'round',
        type: 'quantitative',
        title: 'Round',
        scale: { domain: [0.5, last + 0.5], nice: false, zero: false },
        axis: { grid: false, format: 'd', tickMinStep: 1, tickCount: 6 },
      },
      y: {
        field: 'percent',
        type: 'quantitative',
        scale: { domain: [...scale.domain], nice: false, ...(spiky ? SYMLOG : {}) },
        axis: {
          ...(spiky ? { values: SYMLOG_TICKS } : { tickCount: 5 }),
          ...verticalTitle(
            spiky ? 'Deviation from median (%, log scale)' : 'Deviation from median (%)',
            MARGINS.left,
          ),
        },
      },
    },
    layer: [
      ...(floor === null ? [] : [noiseBand(100 * floor)]),
      {
        data: { values: starts.slice(1).map((start) => ({ start: start - 0.5 })) },
        mark: { type: 'rule', strokeDash: [2, 3], color: INKS.rule.light },
        encoding: { x: { field: 'start', type: 'quantitative' }, y: { value: 0 }, y2: { value: 'height' } },
      },
      rounds.length > MOST_POINTS ? rangesOf(rounds) : pointsOf(view, rounds.length),
      {
        data: { name: 'drift', values: drift },
        mark: { type: 'line', strokeWidth: 2.25, color: INKS.text.light },
        encoding: { detail: { field: 'session', type: 'nominal' } },
      },
    ],
  };
  return {
    spec,
    margins: MARGINS,
    rows: rounds.map(({ candidate, session, round, ms }) => ({ candidate, session, round, ms })),
  };
};

interface Round {
  readonly candidate: string;
  readonly tip: string;
  readonly session: number;
  readonly sessionStart: number;
  readonly round: number;
  readonly percent: number;
  readonly ms: number;
}

const pointsOf = (view: ChartView, count: number): Layer => ({
  mark: { type: 'point', filled: true, size: count > 400 ? 10 : 22, opacity: 0.75, aria: false },
  encoding: { color: candidateColor(view.candidates), tooltip: { field: 'tip', type: 'nominal' } },
});

/** Of many candidates, where nine of ten lie. */
const rangesOf = (rounds: readonly Round[]): Layer => {
  const byRound = new Map<number, number[]>();
  for (const { round, percent } of rounds) byRound.set(round, [...(byRound.get(round) ?? []), percent]);
  const values = [...byRound].map(([round, percents]) => {
    const sorted = percents.toSorted((a, b) => a - b);
    return {
      round,
      low: sorted[Math.floor(0.05 * sorted.length)] ?? 0,
      high: sorted[Math.floor(0.95 * sorted.length)] ?? 0,
    };
  });
  return {
    data: { name: 'ranges', values },
    mark: { type: 'rule', strokeWidth: 3, color: INKS.rule.light, opacity: 0.6 },
    encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
  };
};

const deviations = (
  candidate: string,
  roundMs: readonly (readonly number[])[],
  medianMs: number,
): Round[] => {
  let start = 1;
  return roundMs.flatMap((session, index) => {
    const sessionStart = start;
    start += session.length;
    return session.map((ms, offset) => ({
      candidate,
      session: index + 1,
      sessionStart,
      round: sessionStart + offset,
      percent: 100 * (ms / medianMs - 1),
      ms,
      tip: `${candidate}, round ${sessionStart + offset}: ${signed(100 * (ms / medianMs - 1), 1)} %, ${ms.toPrecision(3)} ms`,
    }));
  });
};

const driftOf = (rounds: readonly Round[]) => {
  const found = new Map<number, { session: number; percents: number[] }>();
  for (const { round, session, percent } of rounds) {
    const known = found.get(round);
    if (known) known.percents.push(percent);
    else found.set(round, { session, percents: [percent] });
  }
  return [...found].map(([round, { session, percents }]) => ({ round, session, percent: median(percents) }));
};

const noiseBand = (percent: number): Layer => ({
  data: { values: [{ low: -percent, high: percent }] },
  mark: { type: 'rect', color: INKS.band.light },
  encoding: {
    x: { value: 0 },
    x2: { value: 'width' },
    y: { field: 'low', type: 'quantitative' },
    y2: { field: 'high' },
  },
});
