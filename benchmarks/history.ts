/**
 * How long `lightbench history` takes as a whole process: run folders with known changes are written into a temporary folder, then read,
 * searched for changes and drawn as a page. Prints every repetition in seconds. Needs a build.
 *
 *   npx jiti benchmarks/history.ts [--runs 200] [--candidates 10] [--repetitions 5]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execaNode } from 'execa';
import { madeHistory, writeHistory } from '../tests/support/history-fixture.js';
import { withCandidates } from '../tests/support/many-candidates.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    candidates: { type: 'string', default: '10' },
    repetitions: { type: 'string', default: '5' },
  },
});
const count = Number(values.runs);

const folder = mkdtempSync(join(tmpdir(), 'lightbench-history-'));
try {
  const runs = madeHistory(
    count,
    (index) => ({
      latencyFactor: (candidate) =>
        candidate === 'depthwise' && index >= count / 3
          ? 1.05
          : 1 + (candidate === 'repso' ? 0.001 * index : 0),
      moreParams: (candidate) => (candidate === 'identity' && index >= count / 2 ? 64 : 0),
    }),
    { change: withCandidates(Number(values.candidates)) },
  );
  writeHistory(join(folder, 'runs'), runs);
  const page = join(folder, 'history.html');
  const args = ['history', join(folder, 'runs'), '--out', page];
  const timed = Array.from({ length: Number(values.repetitions) });
  for (const [index] of timed.entries()) {
    const start = performance.now();
    const { stdout } = await execaNode('dist/harness/cli/main.js', args);
    timed[index] = ((performance.now() - start) / 1000).toFixed(2);
    if (index === 0) console.log(stdout.split('\n')[0]);
  }
  console.log(`${timed.join(', ')} s; page of ${(statSync(page).size / 1e6).toFixed(1)} MB`);
} finally {
  rmSync(folder, { recursive: true });
}
