/**
 * Training and inference against PyTorch on the same graphs, each contender in a process of its own, interleaved: rounds of a few
 * steps of every contender in turn, so that a slow minute of the machine hits all alike. Prints median milliseconds a step, ratios of
 * throughput, by processor time too, which other work on the machine changes less, and the most memory that each process took for the
 * network. With `--compile`, PyTorch's compiled mode as one more contender; it takes minutes to compile. Linux only: memory is read from
 * /proc.
 *
 *   npx jiti benchmarks/training.ts [--mode inference] [--threads 2] [--rounds 7] [--only TEXT] [--compile]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Contender, type Job, type Mode, startContender } from './contender.js';
import { BENCHMARK_NETWORKS, type BenchmarkNetwork } from './networks.js';

const STEPS = { training: 3, inference: 20 } as const;
const LAYOUTS = ['nchw', 'channels-last'] as const;

/** Both layouts as they are, and with `--compile` the second one compiled too. */
const peersOf = (compiled: boolean) => [
  ...LAYOUTS.map((layout) => ({ name: layout, layout, compiled: false })),
  ...(compiled ? [{ name: 'compiled', layout: 'channels-last', compiled }] : []),
];

const peer = (file: string): string => fileURLToPath(new URL(`./peers/${file}`, import.meta.url));

const contendersOf = (
  { graph: build }: BenchmarkNetwork,
  job: Job,
  compile: boolean,
): readonly Contender[] => {
  const graph = build();
  const nodes = graph.nodes.map(({ path, op, inputs, shape }) => ({ path, op, inputs, shape }));
  const description = {
    graph: { nodes, output: graph.output.id },
    input: graph.input.shape,
    classes: graph.output.shape[0],
  };
  return [
    startContender(
      'lightbench',
      [process.execPath, '--import', 'jiti/register', peer('lightbench-peer.ts')],
      job,
    ),
    ...peersOf(compile).map(({ name, layout, compiled }) =>
      startContender(`PyTorch ${name}`, ['python3', peer('torch_peer.py')], {
        ...job,
        ...description,
        layout,
        compiled,
      }),
    ),
  ];
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

interface Result {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly peakBytes: number;
}

const measure = async (
  contenders: readonly Contender[],
  steps: number,
  rounds: number,
): Promise<readonly Result[]> => {
  for (const contender of contenders) await contender.run(steps);
  const results = contenders.map(() => ({ wall: [] as number[], processor: [] as number[], peakBytes: 0 }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, contender] of contenders.entries()) {
      const { seconds, processorSeconds, peakBytes } = await contender.run(steps);
      const result = results[i];
      result?.wall.push(median(seconds));
      result?.processor.push(median(processorSeconds));
      if (result) result.peakBytes = peakBytes;
    }
  }
  for (const contender of contenders) await contender.close();
  return results.map(({ wall, processor, peakBytes }) => ({
    seconds: median(wall),
    processorSeconds: median(processor),
    peakBytes,
  }));
};

const row = (network: BenchmarkNetwork, job: Job, [ours, ...peers]: readonly Result[], compile: boolean) => {
  if (!ours) throw new RangeError('Nothing was measured.');
  const eager = peers.slice(0, LAYOUTS.length);
  const sizes = eager.map(({ peakBytes }) => peakBytes);
  const compiled = peers[LAYOUTS.length];
  const ratios = (kind: 'seconds' | 'processorSeconds') => ({
    default: ((eager[0]?.[kind] ?? Number.NaN) / ours[kind]).toFixed(2),
    best: (Math.min(...eager.map((each) => each[kind])) / ours[kind]).toFixed(2),
    ...(compiled ? { compiled: (compiled[kind] / ours[kind]).toFixed(2) } : {}),
  });
  const named = (suffix: string, values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`x ${name}${suffix}`, value]));
  return {
    network: network.name,
    mode: job.mode,
    threads: job.threads,
    batch: job.batch,
    'lightbench ms': (ours.seconds * 1000).toFixed(1),
    'images/s': Math.round(job.batch / ours.seconds),
    ...Object.fromEntries(
      peersOf(compile).map(({ name }, i) => [
        `PyTorch ${name} ms`,
        ((peers[i]?.seconds ?? Number.NaN) * 1000).toFixed(1),
      ]),
    ),
    ...named('', ratios('seconds')),
    ...named(', processor time', ratios('processorSeconds')),
    'lightbench MiB': mebibytes(ours.peakBytes),
    'PyTorch MiB': sizes.map(mebibytes).join(' / '),
    'x least memory': (ours.peakBytes / Math.min(...sizes)).toFixed(2),
  };
};

const { values } = parseArgs({
  options: {
    mode: { type: 'string', default: 'training' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '7' },
    only: { type: 'string', default: '' },
    compile: { type: 'boolean', default: false },
  },
});
const mode: Mode = values.mode === 'inference' ? 'inference' : 'training';
const rows = [];
for (const network of BENCHMARK_NETWORKS.filter(
  ({ name, modes }) => name.includes(values.only) && modes.includes(mode),
)) {
  const batch = mode === 'training' ? network.batch : 1;
  const job = { network: network.name, batch, mode, threads: Number(values.threads) };
  const results = await measure(
    contendersOf(network, job, values.compile),
    STEPS[mode],
    Number(values.rounds),
  );
  rows.push(row(network, job, results, values.compile));
  console.log(rows.at(-1));
}
console.table(rows);
