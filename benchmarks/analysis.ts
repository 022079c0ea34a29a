/**
 * What the analysis of a large run takes: a run made in memory, of so many candidates and seeds, analysed once. Prints the time, that of the
 * processor, and the peak memory of the process.
 *
 *   npx jiti benchmarks/analysis.ts [--candidates 60] [--seeds 5] [--images 10000]
 */
import { parseArgs } from 'node:util';
import { analyse } from '../harness/analysis/analyse.js';
import { measuredRun } from '../tests/support/measured-run.js';
import { seededRandom } from '../tests/support/random.js';

const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '5' },
    images: { type: 'string', default: '10000' },
  },
});
const count = Number(values.candidates);
const images = Number(values.images);

/** An image is hard for all alike; candidates are up to 3 points apart. */
const random = seededRandom(1);
const difficulty = Float64Array.from({ length: images }, random);
const run = measuredRun({
  candidates: Array.from({ length: count }, (_, c) => ({
    name: `candidate ${c}`,
    correct: Array.from({ length: Number(values.seeds) }, () => {
      const level = 0.7 + (0.03 * c) / count + 0.003 * (random() - 0.5);
      return Uint8Array.from(difficulty, (hardness) => (hardness + 0.2 * (random() - 0.5) < level ? 1 : 0));
    }),
  })),
});

const [start, before] = [performance.now(), process.cpuUsage()];
const { groups } = analyse(run);
const seconds = (performance.now() - start) / 1000;
const { user, system } = process.cpuUsage(before);
const pairs = groups.flatMap(({ comparisons }) => comparisons).filter(({ metric }) => metric === 'top1');
const decided = pairs.filter(({ verdict }) => verdict.state !== 'undecided').length;
console.log(
  `${count} candidates x ${values.seeds} seeds x ${images} images: ${seconds.toFixed(2)} s (processor ${((user + system) / 1e6).toFixed(2)} s), ` +
    `${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most; ${decided} of ${pairs.length} pairs decided`,
);
