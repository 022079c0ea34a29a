/**
 * What comparisons with a baseline find, against known truth, on this machine: injected changes are to be found and named, and unchanged
 * code is to raise no alarm, though its models are truly measured.
 *
 *   npx jiti benchmarks/regressions.ts [--only costs,accuracy,slower,unchanged] [--slower 0.05,0.03] [--comparisons 10] [--first 0]
 *     [--unchanged 50]
 *
 * A comparison of latencies takes some six seconds; in pieces: --only slower --comparisons 5 --first 5, --only unchanged --unchanged 25.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { MeasuredEntry } from '../harness/regression/compare/comparison.js';
import { writeProject } from '../tests/support/project.js';
import { compareBrokenAugmentation } from './regressions/accuracy.js';
import { costFindings } from './regressions/costs.js';
import { compareSlowed, compareUnchanged, timedSnapshot } from './regressions/latency.js';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

const shown = (entry: MeasuredEntry): string =>
  'effect' in entry
    ? `${entry.state}  ${percent(entry.effect)}  [${entry.interval.map(percent).join(', ')}]`
    : entry.state;

/** Verdicts of so many comparisons, each printed as it comes. */
const tally = async (what: string, count: number, compare: (index: number) => Promise<MeasuredEntry>) => {
  const states = new Map<MeasuredEntry['state'], number>();
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    const entry = await compare(index);
    states.set(entry.state, (states.get(entry.state) ?? 0) + 1);
    console.log(`${what}  ${shown(entry)}  ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  console.log(what, count, 'comparisons:', Object.fromEntries(states));
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'costs,accuracy,slower,unchanged' },
    slower: { type: 'string', default: '0.05,0.03' },
    comparisons: { type: 'string', default: '10' },
    first: { type: 'string', default: '0' },
    unchanged: { type: 'string', default: '50' },
  },
});
const parts = new Set(values.only.split(','));
const folder = await mkdtemp(join(tmpdir(), 'lightbench-regressions-'));
try {
  if (parts.has('costs')) console.table(await costFindings(folder));
  if (parts.has('accuracy')) {
    const comparison = await compareBrokenAugmentation(
      writeProject(folder, 'trained', {
        candidates: `{ name: 'mine', block }`,
        dataset: 'fashion-mnist-10k',
        size: 32,
        epochs: 2,
        seeds: 3,
      }),
    );
    for (const entry of comparison.state === 'compared' ? comparison.entries : []) {
      console.log(`half of the training images upside down  ${entry.name}  ${shown(entry)}`);
    }
  }
  const snapshot = await timedSnapshot(folder);
  if (parts.has('slower')) {
    for (const share of values.slower.split(',').map(Number)) {
      await tally(`slower by ${percent(share)}`, Number(values.comparisons), (index) =>
        compareSlowed(snapshot, share, Number(values.first) + index),
      );
    }
  }
  if (parts.has('unchanged')) {
    await tally('unchanged', Number(values.unchanged), () => compareUnchanged(snapshot));
  }
} finally {
  await rm(folder, { recursive: true });
}
