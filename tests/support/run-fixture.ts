/**
 * A made-up run, complete enough for every report: 5 LightNet candidates and a published network, 3 seeds; one trial failed, one
 * is pending, one latency failed; names and errors that try to break out of HTML, scripts, terminals and CSV.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COST_KINDS } from '../../harness/cost/kinds.js';
import { sealed } from '../../results/journal/checksum.js';
import type { JournalEvent } from '../../results/journal/events.js';
import { Journal } from '../../results/journal/journal.js';
import type { LatencyResult } from '../../results/measurement/latency-record.js';
import type { CandidateRecord, ChannelOperatorRecord } from '../../results/plan/candidate.js';
import type { Plan } from '../../results/plan/plan.js';
import { planKeyOf } from '../../results/plan/plan-key.js';
import type { Environment } from '../../results/run/environment.js';
import { RUN_FILES } from '../../results/run/load-run.js';
import type { Run } from '../../results/run/run.js';
import { runState } from '../../results/run/run.js';
import type { TrialResult } from '../../results/training/trial.js';
import { seededRandom } from './random.js';

export interface RunFixture {
  readonly plan: Plan;
  readonly environment: Environment;
  readonly events: readonly JournalEvent[];
  readonly run: Run;
}

export const HOSTILE_NAMES = {
  image: `<img src=x onerror="document.title='owned'">`,
  script: `"></script><script>document.title='owned'</script>, 'x'`,
} as const;

export const HOSTILE_ERROR =
  'Loss is not finite in epoch 3.\n<script>document.title="owned"</script>\u001b[2J & more';

/** `name` is that of the suite, and so distinguishes the plan keys of several fixtures. */
export const runFixture = ({
  name = 'fixture',
  seeds = 3,
  epochs = 12,
  failures = true,
  change = (plan: Plan): Plan => plan,
} = {}): RunFixture => {
  const changed = change(planOf(name, seeds, epochs));
  const plan = { ...changed, planKey: planKeyOf(changed) };
  const events = eventsOf(plan, epochs, failures);
  return { plan, environment: ENVIRONMENT, events, run: runState(plan, ENVIRONMENT, events) };
};

/** Writes the run directory as `lightbench run` would. */
export const writeRunDirectory = (directory: string, { plan, environment, events }: RunFixture): void => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, RUN_FILES.plan), JSON.stringify(sealed(plan)));
  writeFileSync(join(directory, RUN_FILES.environment), JSON.stringify(sealed(environment)));
  const journal = Journal.open(join(directory, RUN_FILES.journal));
  for (const event of events) journal.append(event);
  journal.close();
};

interface Traits {
  readonly group: 'lightnet' | 'network';
  readonly selection: string;
  readonly params: number;
  readonly macs: number;
  readonly top1: number;
  readonly medianMs: number;
  /** Share of parameters by kind, in the order of COST_KINDS. */
  readonly shares: readonly number[];
}

const lightnet = (spatial: string): string => `lightnet(block=meta-light(spatial=${spatial},expansion=3))`;

const TRAITS: ReadonlyMap<string, Traits> = new Map([
  [
    'identity',
    {
      group: 'lightnet',
      selection: lightnet('identity'),
      params: 1_503_210,
      macs: 38_400_512,
      top1: 0.842,
      medianMs: 1.91,
      shares: [0.86, 0, 0.02, 0.06, 0, 0.04, 0.02],
    },
  ],
  [
    'depthwise',
    {
      group: 'lightnet',
      selection: lightnet('depthwise'),
      params: 1_488_122,
      macs: 39_812_096,
      top1: 0.897,
      medianMs: 2.46,
      shares: [0.8, 0.07, 0.02, 0.06, 0, 0.04, 0.01],
    },
  ],
  [
    'repso',
    {
      group: 'lightnet',
      selection: lightnet('repso'),
      params: 1_497_866,
      macs: 40_012_544,
      top1: 0.901,
      medianMs: 2.47,
      shares: [0.79, 0.08, 0.02, 0.06, 0, 0.04, 0.01],
    },
  ],
  [
    HOSTILE_NAMES.image,
    {
      group: 'lightnet',
      selection: lightnet('partial'),
      params: 1_512_330,
      macs: 44_100_608,
      top1: 0.893,
      medianMs: 2.2,
      shares: [0.64, 0.01, 0.24, 0.06, 0, 0.04, 0.01],
    },
  ],
  [
    HOSTILE_NAMES.script,
    {
      group: 'lightnet',
      selection: lightnet(HOSTILE_NAMES.script),
      params: 1_530_004,
      macs: 37_003_264,
      top1: 0.884,
      medianMs: 3.35,
      shares: [0.52, 0.14, 0.06, 0.12, 0, 0.12, 0.04],
    },
  ],
  [
    'mobilenet-v2',
    {
      group: 'network',
      selection: 'mobilenet-v2(width=0.8)',
      params: 1_476_540,
      macs: 51_230_720,
      top1: 0.871,
      medianMs: 3.02,
      shares: [0.74, 0.05, 0.02, 0.14, 0, 0.04, 0.01],
    },
  ],
]);

const BUDGET = 1_500_000;

const planOf = (name: string, seeds: number, epochs: number): Plan => ({
  schema: 1,
  suite: name,
  title: 'Spatial operators of the Meta Light Block',
  question: 'Which spatial operator between the two pointwise convolutions is worth its parameters?',
  source: 'quick',
  planKey: '',
  conditions: {
    dataset: {
      id: 'mnist',
      contentHash: '5f2c9d0b7a1e4c38',
      trainImages: 54_000,
      validationImages: 6_000,
      testImages: TEST_IMAGES,
      classes: 10,
    },
    input: [1, 32, 32],
    recipe: {
      epochs,
      batch: 128,
      optimizer: { kind: 'sgd', momentum: 0.9, nesterov: true },
      learningRate: 0.1,
      augmentation: { flip: false, shift: 2 },
    },
    engine: { id: 'onnxruntime', version: '1.30.0', device: 'cpu' },
    trainThreads: 2,
  },
  candidates: [...TRAITS].map(([candidate, traits]) => candidateOf(candidate, traits)),
  candidatesAt224: [...TRAITS].map(([candidate, traits]) =>
    candidateOf(candidate, { ...traits, macs: SCALE_UP * traits.macs }),
  ),
  claims: [],
  trials: [...TRAITS.keys()].flatMap((candidate, index) =>
    Array.from({ length: seeds }, (_, seed) => ({ key: `${name}-${index}-${seed}`, candidate, seed })),
  ),
  latency: { batch: 1, threads: 1, sessions: SESSIONS, rounds: ROUNDS },
});

/** Of the MACs from 32 to 224 pixels. */
const SCALE_UP = 49;

const TEST_IMAGES = 1_000;
const ROUNDS = 20;
const SESSIONS = 5;

const candidateOf = (name: string, traits: Traits): CandidateRecord => ({
  name,
  group: traits.group,
  selection: traits.selection,
  fingerprint: `fingerprint-of-${traits.params}`,
  skeleton: traits.group === 'lightnet' ? '0c1d2e3f4a5b6c7d' : 'aa11bb22cc33dd44',
  costs: { train: costsOf(traits, 1.15), deploy: costsOf(traits, 1) },
  blockShare: traits.group === 'lightnet' ? { params: 0.71, macs: 0.64 } : { params: 0, macs: 0 },
  ...(traits.group === 'lightnet'
    ? {
        channelOperators: [
          operatorOf('channel1', 64, 192, name === 'repso'),
          operatorOf('channel2', 192, 64, name === 'repso'),
        ],
      }
    : {}),
  budget: {
    metric: 'params',
    target: BUDGET,
    tolerance: 0.02,
    knob: 'expansion',
    value: 3,
    residual: (traits.params - BUDGET) / BUDGET,
  },
});

/** Four groups, alone or before a layer that makes the range full. */
const operatorOf = (
  place: ChannelOperatorRecord['place'],
  inputs: number,
  outputs: number,
  full: boolean,
): ChannelOperatorRecord => {
  const cells = Array.from({ length: 32 }, (_, cell) => cell);
  const pattern = (connected: (output: number, input: number) => boolean) => ({
    inputs,
    outputs,
    rows: cells.map((output) => cells.map((input) => (connected(output, input) ? 9 : 0)).join('')),
  });
  const groups = pattern((output, input) => output >> 3 === input >> 3);
  const interleaved = pattern((output, input) => output >> 2 === input % 8);
  const range = full ? inputs : inputs / 4;
  return {
    place,
    inputs,
    outputs,
    min: range,
    max: range,
    mean: range,
    full,
    patterns: full ? [groups, interleaved, pattern(() => true)] : [groups],
  };
};

const costsOf = (
  { params, macs, shares }: Traits,
  factor: number,
): CandidateRecord['costs']['train' | 'deploy'] => {
  const totals = (share: number) => ({
    params: Math.round(params * factor * share),
    macs: Math.round(macs * factor * share),
    flops: Math.round(2.2 * macs * factor * share),
  });
  return {
    ...totals(1),
    activationBytes: Math.round(macs * factor * 0.04),
    peakMemory: {
      values: Math.round(macs * factor * 0.001),
      path: 'stages.0.blocks.0.channel1',
      isLeast: true,
    },
    weightBytes: Math.round(params * factor),
    byKind: Object.fromEntries(COST_KINDS.map((kind, index) => [kind, totals(shares[index] ?? 0)])),
  };
};

const ENVIRONMENT: Environment = {
  lightbench: '0.1.0',
  commit: '640ea9b1d2c3',
  node: 'v20.20.2',
  platform: 'linux x64',
  cpu: 'Example CPU <2.0 GHz>',
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  governor: 'powersave',
  loadAverage: [0.52, 0.4, 0.31],
  engines: { onnxruntime: '1.30.0' },
  startedAt: '2025-01-02T03:04:05.000Z',
  warnings: [{ kind: 'governor', governor: 'powersave' }],
};

const AT = '2025-01-02T03:04:05.000Z';

const eventsOf = (plan: Plan, epochs: number, failures: boolean): JournalEvent[] => {
  const random = seededRandom(7);
  const trialEvents = plan.trials.flatMap((trial): JournalEvent[] => {
    const traits = traitsOf(trial.candidate);
    const started: JournalEvent = { event: 'trial-started', ...trial, at: AT };
    if (failures && trial.candidate === 'repso' && trial.seed === 2) {
      return [started, { event: 'trial-failed', ...trial, error: HOSTILE_ERROR, at: AT }];
    }
    if (failures && trial.candidate === 'mobilenet-v2' && trial.seed === 2) return [started];
    return [started, { event: 'trial-done', ...trial, result: resultOf(traits, epochs, random), at: AT }];
  });
  const latencyEvents = plan.candidates.map(({ name: candidate }): JournalEvent => {
    if (failures && candidate === HOSTILE_NAMES.script) {
      return { event: 'latency-failed', candidate, error: 'The session ran out of memory.', at: AT };
    }
    return { event: 'latency-done', candidate, result: latencyOf(traitsOf(candidate), random), at: AT };
  });
  return [
    { event: 'run-started', schema: 1, suite: plan.suite, planKey: plan.planKey, at: AT },
    ...trialEvents,
    ...latencyEvents,
    { event: 'run-finished', at: AT },
  ];
};

const traitsOf = (candidate: string): Traits => {
  const traits = TRAITS.get(candidate) ?? TRAITS.get('depthwise');
  if (traits === undefined) throw new Error('the fixture lost its candidates');
  return traits;
};

const resultOf = (traits: Traits, epochs: number, random: () => number): TrialResult => {
  const bits = Array.from({ length: TEST_IMAGES }, () => random() < traits.top1);
  return {
    learningRate: 0.1,
    epochs: Array.from({ length: epochs }, (_, index) => {
      const progress = (index + 1) / epochs;
      const learnt = (1 - Math.exp(-4 * progress)) / (1 - Math.exp(-4));
      return {
        epoch: index + 1,
        learningRate: 0.05 * (1 + Math.cos(Math.PI * progress)),
        trainLoss: 2.3 * (1 - 0.9 * learnt) + 0.08 * random(),
        validationLoss: 2.3 * (1 - 0.88 * learnt) + 0.1 * random(),
        validationTop1: 0.1 + (traits.top1 - 0.1) * learnt + 0.02 * (random() - 0.5),
        seconds: 20 + random(),
      };
    }),
    trainSeconds: 20.5 * epochs,
    trainImagesPerSecond: 2600 + 100 * random(),
    testTop1: bits.filter(Boolean).length / TEST_IMAGES,
    testLoss: 0.3 + 0.05 * random(),
    testCorrect: packBits(bits),
    deployCheck: { maxRelativeDifference: 2.1e-6, tolerance: 1e-4 },
    kernelMagnitudes: [3, 5, 7].map(magnitudesOf),
  };
};

/** Large in the centre, smaller in its cross, smallest in the corners, as trained kernels are. */
const magnitudesOf = (kernel: number): NonNullable<TrialResult['kernelMagnitudes']>[number] => {
  const random = seededRandom(kernel);
  const distances = Array.from({ length: kernel }, (_, tap) => Math.abs(tap - (kernel - 1) / 2));
  const weights = distances.map((down) =>
    distances.map((across) => (1 + 0.1 * random()) / (1 + down + across)),
  );
  const sum = weights.flat().reduce((total, weight) => total + weight);
  return {
    kernel,
    layers: 20,
    kernels: 5_760,
    matrix: weights.map((row) => row.map((weight) => weight / sum)),
  };
};

const packBits = (bits: readonly boolean[]): string => {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [index, bit] of bits.entries()) {
    if (bit) bytes.writeUInt8(bytes.readUInt8(index >> 3) | (1 << (index & 7)), index >> 3);
  }
  return bytes.toString('base64');
};

const latencyOf = ({ medianMs }: Traits, random: () => number): LatencyResult => ({
  form: 'deploy',
  batch: 1,
  threads: 1,
  sessions: SESSIONS,
  rounds: ROUNDS,
  warmupIterations: 30,
  medianMs,
  interval95Ms: [medianMs * (0.985 - 0.01 * random()), medianMs * (1.012 + 0.01 * random())],
  roundMs: Array.from({ length: SESSIONS }, () =>
    Array.from({ length: ROUNDS / SESSIONS }, () => medianMs * (0.97 + 0.06 * random())),
  ),
});
