import { INKS } from '../palette.js';
import type { ReportView } from '../view.js';
import type { Chart, Drawing, Layer, Margins } from './chart.js';
import { candidateColor, frame, verticalTitle } from './frame.js';
import { linearScale } from './scale.js';

export const latencyRounds: Chart = {
  id: 'latency-rounds',
  title: 'Latency from round to round',
  caption:
    'Deviation of every round from the median of its candidate. Candidates are measured in the same rounds: what moves all of them (heavy line: their median) is drift of the machine. Dotted lines separate sessions; the band is the noise floor.',
  draw: (view) => draw(view),
};

const MARGINS: Margins = { left: 40, right: 14, top: 28, bottom: 44 };
const HEIGHT = 200;

/** Beyond this, a linear axis would hide drift behind spikes: it becomes logarithmic away from zero. */
const SPIKE_PERCENT = 8;
const SYMLOG = { type: 'symlog', constant: 2 } as const;
const SYMLOG_TICKS = [-50, -20, -10, -5, -2, 0, 2, 5, 10, 20, 50, 100, 200, 500];

const draw = (view: ReportView): Drawing | null => {
  const rounds = view.candidates.flatMap(({ label, latency }) =>
    latency.state === 'done' ? deviations(label, latency.result.roundMs, latency.result.medianMs) : [],
  );
  if (rounds.length === 0) return null;
  const last = Math.max(...rounds.map(({ round }) => round));
  const starts = [...new Map(rounds.map(({ session, sessionStart }) => [session, sessionStart])).values()];
  const drift = driftOf(rounds);
  const largest = Math.max(...rounds.map(({ percent }) => Math.abs(percent)));
  const spiky = largest > SPIKE_PERCENT;
  const floor = view.analysis.latencyNoiseFloor;
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
    data: { name: 'rounds', values: rounds },
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
      {
        mark: {
          type: 'point',
          filled: true,
          size: rounds.length > 400 ? 10 : 22,
          opacity: 0.75,
          aria: false,
        },
        encoding: { color: candidateColor(view.candidates) },
      },
      {
        data: { name: 'drift', values: drift },
        mark: { type: 'line', strokeWidth: 2.25, color: INKS.text.light },
        encoding: { detail: { field: 'session', type: 'nominal' } },
      },
    ],
  };
  return { spec, margins: MARGINS };
};

interface Round {
  readonly candidate: string;
  readonly session: number;
  readonly sessionStart: number;
  readonly round: number;
  readonly percent: number;
}

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
    }));
  });
};

const driftOf = (rounds: readonly Round[]) => {
  const sessionOf = new Map(rounds.map(({ round, session }) => [round, session]));
  return [...sessionOf].map(([round, session]) => ({
    round,
    session,
    percent: median(rounds.filter((other) => other.round === round).map(({ percent }) => percent)),
  }));
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
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
