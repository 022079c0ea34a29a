import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseHistory } from '../../../harness/analysis/history/analyse-history.js';
import { historyPage } from '../../../reports/history/page.js';
import { readHistory } from '../../../results/history/read-history.js';
import { chromiumIsMissing, launchChromium } from '../../support/chromium.js';
import { type MadeRun, madeHistory, writeHistory } from '../../support/history-fixture.js';
import { labelsInTheWay } from '../../support/labels-in-the-way.js';
import { withCandidates } from '../../support/many-candidates.js';
import { HOSTILE_NAMES } from '../../support/run-fixture.js';

const folder = mkdtempSync(join(tmpdir(), 'lightbench-history-page-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A step, a drift, a cost that goes and comes back, another machine, and runs outside of git. */
const eventful = (count: number, index: number): MadeRun => ({
  ...(index % 9 === 4 ? { commit: null } : {}),
  ...(index >= 0.8 * count ? { cpu: 'Another CPU' } : {}),
  latencyFactor: (candidate) =>
    (candidate === 'depthwise' && index >= count / 3 ? 1.1 : 1) *
    (candidate === 'repso' ? 1.004 ** index : 1),
  moreParams: (candidate) =>
    candidate === 'identity' && index >= count / 2 && index < count / 2 + 2 ? 64 : 0,
});

const drawn = async (name: string, count: number, options: Parameters<typeof madeHistory>[2] = {}) => {
  const root = join(folder, name);
  writeHistory(
    root,
    madeHistory(count, (index) => eventful(count, index), options),
  );
  const { runs } = await readHistory([root]);
  const tracks = analyseHistory(runs);
  const skipped = [{ folder: '<b>runs</b>', problem: 'suite.json: not JSON.' }];
  return { tracks, page: await historyPage({ tracks, skipped }) };
};

const HISTORIES = {
  'sixty runs': await drawn('sixty', 60),
  'one run': await drawn('one', 1),
  'twenty runs of forty candidates': await drawn('forty', 20, { seeds: 1, change: withCandidates(40) }),
} as const;

const NAMES = Object.keys(HISTORIES) as (keyof typeof HISTORIES)[];

describe.each(NAMES)('the page of %s', (name) => {
  const { page, tracks } = HISTORIES[name];

  it('loads nothing and runs nothing', () => {
    const tags = (page.match(/<[a-z][^>]*>/gi) ?? []).join('\n');
    expect(tags).not.toMatch(/^<(script|link|iframe|object|embed|img|image|use|base|form)\b/im);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/ style="/);
  });

  it('shows hostile names as text', () => {
    for (const hostile of [...Object.values(HOSTILE_NAMES), '<b>runs</b>'])
      expect(page).not.toContain(hostile);
    expect(page).toContain('&lt;b&gt;runs&lt;/b&gt;');
  });

  it('uses an id once', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('draws every metric, with numbers only', () => {
    const charts = page.match(/<svg [^>]*role="img"[\s\S]*?<\/svg>/g) ?? [];
    expect(charts).toHaveLength(5);
    for (const chart of charts) expect(chart).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('lists every change that the analysis found', () => {
    const changes = tracks.flatMap(({ series }) => series.flatMap((one) => one.changes));
    const verdicts = page.match(/<span class="verdict (better|worse)">/g) ?? [];
    expect(verdicts).toHaveLength(changes.length);
  });
});

it('the page names step, drift, what went and came back, and the break with its reason', () => {
  const text = HISTORIES['sixty runs'].page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  expect(text).toMatch(/depthwise Latency \+\d+(\.\d)? % regression/);
  expect(text.match(/repso Latency \+[\d.]+ % regression/g)?.length).toBeGreaterThan(1);
  expect(text).toMatch(/identity Parameters \+0\.0043 % regression 1,503,210 1,503,274/);
  expect(text).toMatch(/identity Parameters −0\.0043 % improvement 1,503,274 1,503,210/);
  expect(text).toMatch(/A 2025-02-18 [0-9a-f]{7}\.\.[0-9a-f]{7} Latency cpu: .* and Another CPU/);
});

const missing = chromiumIsMissing;

describe.skipIf(missing)(`the page of a history in Chromium${missing ? ` (${missing})` : ''}`, () => {
  let browser: Browser | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(() => browser?.close());

  const open = async (
    name: keyof typeof HISTORIES,
    width: number,
    colorScheme: 'light' | 'dark' = 'light',
  ) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.html`);
    writeFileSync(file, HISTORIES[name].page);
    if (browser === undefined) throw new Error('Chromium did not start.');
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      offline: true,
    });
    const page = await context.newPage();
    const messages: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(pathToFileURL(file).href);
    return { page, messages };
  };

  it.each([
    ['sixty runs', 1280],
    ['sixty runs', 390],
    ['one run', 1280],
    ['twenty runs of forty candidates', 390],
  ] as const)(
    '%s, %i pixels wide: no message, no label covered or cut off, no scrolling sideways',
    async (name, width) => {
      const { page, messages } = await open(name, width);
      expect(messages).toEqual([]);
      expect(await labelsInTheWay(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    },
  );

  it('has light lines and texts in the dark', async () => {
    const { page } = await open('sixty runs', 1280, 'dark');
    const darkest =
      await page.evaluate(`Math.min(...[...document.querySelectorAll('svg[role=img] text')].map((text) =>
      Math.max(...getComputedStyle(text).fill.match(/\\d+/g).slice(0, 3).map(Number))))`);
    expect(darkest).toBeGreaterThan(130);
  });
});
