/** A run of many candidates, made in memory: accuracies up to 3 points apart, times up to twice, every fifth candidate a little unlike its name. */
import type { Run } from '../../results/run/run.js';
import { measuredRun } from './measured-run.js';
import { seededRandom } from './random.js';

interface Size {
  readonly candidates: number;
  readonly seeds: number;
  readonly images?: number;
  readonly epochs?: number;
  readonly sessions?: number;
  readonly rounds?: number;
}

export const largeRun = ({
  candidates: count,
  seeds,
  images = 10_000,
  epochs = 30,
  sessions = 8,
  rounds = 5,
}: Size): Run => {
  const random = seededRandom(1);
  const difficulty = Float64Array.from({ length: images }, random);
  const slowness = Array.from({ length: sessions }, () =>
    Array.from({ length: rounds }, () => 1 + 0.03 * random()),
  );
  const timed = (medianMs: number) =>
    slowness.map((session) => session.map((slow) => medianMs * slow * (1 + 0.004 * (random() - 0.5))));
  const run = measuredRun({
    candidates: Array.from({ length: count }, (_, c) => ({
      name: nameOf(c),
      correct: Array.from({ length: seeds }, () => {
        const level = 0.7 + (0.03 * c) / count + 0.003 * (random() - 0.5);
        return Uint8Array.from(difficulty, (hardness) => (hardness + 0.2 * (random() - 0.5) < level ? 1 : 0));
      }),
      roundMs: timed(1 + ((7 * c) % count) / count),
    })),
    control: timed(1),
  });
  return {
    ...run,
    trials: run.trials.map((trial) => {
      if (trial.state !== 'done') return trial;
      const [template] = trial.result.epochs;
      if (template === undefined) return trial;
      const all = Array.from({ length: epochs }, (_, index) => ({
        ...template,
        epoch: index + 1,
        validationTop1: trial.result.testTop1 * (1 - Math.exp(-0.2 * (index + 1))) + 0.01 * random(),
        trainLoss: 2.3 * Math.exp(-0.1 * (index + 1)) + 0.05 * random(),
      }));
      return { ...trial, result: { ...trial.result, epochs: all } };
    }),
    latency: new Map(
      [...run.latency].map(([name, state]) => [
        name,
        state.state === 'done' ? { ...state, result: summarised(state.result) } : state,
      ]),
    ),
  };
};

const SPATIAL = ['depthwise', 'repso', 'partial', 'acnet', 'avg-pool'];
const CHANNEL = ['pointwise', 'grouped', 'shuffled', 'sf'];

const nameOf = (index: number): string =>
  `meta-light(spatial=${SPATIAL[index % SPATIAL.length]}, channel=${CHANNEL[(index >> 2) % CHANNEL.length]}, expansion=${1 + index / 20})`;

type Result = Extract<
  Run['latency'] extends ReadonlyMap<string, infer S> ? S : never,
  { state: 'done' }
>['result'];

const summarised = (result: Result): Result => {
  const sorted = result.roundMs.flat().toSorted((a, b) => a - b);
  const medianMs = sorted[sorted.length >> 1] ?? 1;
  return { ...result, medianMs, interval95Ms: [0.995 * medianMs, 1.006 * medianMs] };
};
