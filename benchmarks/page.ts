/**
 * What the page of a large run takes: a run made in memory, of so many candidates and seeds, analysed and written once. Prints the times, the
 * size of the page and the peak memory of the process.
 *
 *   npx jiti benchmarks/page.ts [--candidates 60] [--seeds 5] [--images 10000] [--epochs 30] [--out page.html]
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { analyse } from '../harness/analysis/analyse.js';
import { reportPage } from '../reports/page.js';
import { largeRun } from '../tests/support/large-run.js';

const { values } = parseArgs({
  options: {
    candidates: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '5' },
    images: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '30' },
    out: { type: 'string' },
  },
});
const run = largeRun({
  candidates: Number(values.candidates),
  seeds: Number(values.seeds),
  images: Number(values.images),
  epochs: Number(values.epochs),
});

const start = performance.now();
const before = process.cpuUsage();
const analysis = analyse(run);
const analysed = performance.now();
const page = await reportPage([{ run, analysis }]);
const end = performance.now();
const { user, system } = process.cpuUsage(before);
if (values.out !== undefined) writeFileSync(values.out, page);
console.log(
  `${values.candidates} candidates x ${values.seeds} seeds x ${values.images} images: analysis ${((analysed - start) / 1000).toFixed(2)} s, ` +
    `page ${((end - analysed) / 1000).toFixed(2)} s (processor ${((user + system) / 1e6).toFixed(2)} s for both), ` +
    `${(Buffer.byteLength(page) / 1e6).toFixed(1)} MB, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB of memory at most`,
);
