/**
 * Training steps of sparse channel operators against those of the dense one at equal parameters, in one thread: each network in a
 * process of its own, in rounds of a few steps of every one in turn. Prints medians of milliseconds a step and of ratios within a
 * round, the latter with their quartiles and by processor time too, which other work on the machine changes less; the ratio of
 * multiply-accumulates in deploy form; and the memory of each process. Linux only: memory is read from /proc.
 *
 *   npx jiti benchmarks/operators.ts [--rounds 15] [--steps 3] [--only TEXT]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cost } from '../harness/cost/cost.js';
import { deployForm } from '../harness/rewrite/deploy.js';
import { type Contender, startContender } from './contender.js';
import { type BenchmarkNetwork, OPERATOR_NETWORKS } from './networks.js';

const PEER = fileURLToPath(new URL('./peers/lightbench-peer.ts', import.meta.url));

const start = ({ name, batch }: BenchmarkNetwork): Contender =>
  startContender(name, [process.execPath, '--import', 'jiti/register', PEER], {
    network: name,
    batch,
    mode: 'training',
    threads: 1,
  });

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] ?? Number.NaN;

const median = (values: readonly number[]): number => quantile(values, 0.5);

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    steps: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const chosen = OPERATOR_NETWORKS.filter(({ name }, i) => i === 0 || name.includes(values.only));
const contenders = chosen.map(start);
const macs = chosen.map(({ graph }) => cost(deployForm(graph()).graph).macs);
const rounds = chosen.map((): { wall: number; processor: number }[] => []);
const peaks = chosen.map(() => 0);
for (let round = -1; round < Number(values.rounds); round += 1) {
  for (const [i, contender] of contenders.entries()) {
    const { seconds, processorSeconds, peakBytes } = await contender.run(Number(values.steps));
    // The first round warms up.
    if (round >= 0) rounds[i]?.push({ wall: median(seconds), processor: median(processorSeconds) });
    peaks[i] = peakBytes;
  }
}
for (const contender of contenders) await contender.close();

const ratiosOf = (i: number, kind: 'wall' | 'processor'): readonly number[] =>
  (rounds[i] ?? []).map((own, round) => own[kind] / (rounds[0]?.[round]?.[kind] ?? Number.NaN));
console.table(
  chosen.map(({ name }, i) => ({
    network: name,
    'ms a step': (1000 * median((rounds[i] ?? []).map(({ wall }) => wall))).toFixed(1),
    'x dense': median(ratiosOf(i, 'wall')).toFixed(2),
    quartiles: [0.25, 0.75].map((share) => quantile(ratiosOf(i, 'wall'), share).toFixed(2)).join(' - '),
    'processor time, x dense': median(ratiosOf(i, 'processor')).toFixed(2),
    'MACs, x dense': ((macs[i] ?? Number.NaN) / (macs[0] ?? Number.NaN)).toFixed(2),
    MiB: Math.round((peaks[i] ?? 0) / 2 ** 20),
  })),
);
