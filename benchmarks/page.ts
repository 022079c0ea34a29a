/**
 * What the page of a large run takes: a run made in memory, of so many candidates and seeds, analysed and written once. Prints the times, the
 * size of the page and the peak memory of the process; with --loads, also how long Chromium takes to load it: until the load event, and of
 * its main thread alone.
 *
 *   npx jiti benchmarks/page.ts [--candidates 60] [--seeds 5] [--images 10000] [--epochs 30] [--out page.html] [--loads 5]
 *
 * Several pages that --out wrote are compared in turn by
 *
 *   npx jiti benchmarks/page.ts --loads 5 before.html after.html
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { analyse } from '../harness/analysis/analyse.js';
import { reportPage } from '../reports/page/page.js';
import { launchChromium } from '../tests/support/chromium.js';
import { largeRun } from '../tests/support/large-run.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    candidates: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '5' },
    images: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '30' },
    out: { type: 'string' },
    loads: { type: 'string', default: '0' },
  },
});

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** Loads the files in turn, each in a window of its own. */
const load = async (files: readonly string[], times: number): Promise<void> => {
  const browser = await launchChromium();
  const loads = files.map(() => [] as { readonly event: number; readonly thread: number }[]);
  for (let time = 0; time < times; time++) {
    for (const [index, file] of files.entries()) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send('Performance.enable', { timeDomain: 'threadTicks' });
      await page.goto(pathToFileURL(resolve(file)).href);
      const { metrics } = await session.send('Performance.getMetrics');
      const thread = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
      const event = await page.evaluate<number>("performance.getEntriesByType('navigation')[0].loadEventEnd");
      loads[index]?.push({ event: event / 1000, thread });
      await context.close();
    }
  }
  await browser.close();
  for (const [index, file] of files.entries()) {
    const of = (what: 'event' | 'thread') =>
      median((loads[index] ?? []).map((each) => each[what])).toFixed(2);
    console.log(`${file}: loaded after ${of('event')} s, of which the main thread worked ${of('thread')} s`);
  }
};

if (positionals.length > 0) {
  await load(positionals, Number(values.loads));
  process.exit();
}

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
if (Number(values.loads) > 0) {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-page-'));
  writeFileSync(join(folder, 'page.html'), page);
  await load([join(folder, 'page.html')], Number(values.loads));
  rmSync(folder, { recursive: true });
}
