/** The page of a real run, in a real browser: what the reader can do with it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { parse } from 'csv-parse/sync';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { compile, type TopLevelSpec } from 'vega-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import { reportPage } from '../../../reports/page/page.js';
import type { Plan } from '../../../results/plan/plan.js';
import { loadRun } from '../../../results/run/load-run.js';
import { chromiumIsMissing, launchChromium } from '../../support/chromium.js';
import { labelsInTheWay } from '../../support/labels-in-the-way.js';
import { runFixture } from '../../support/run-fixture.js';

const FOLDER = 'docs/results/paper-channel';
const real = await loadRun(FOLDER);
const NAMES = real.plan.candidates.map(({ name }) => name);

/** In pixels, upright: some browsers print so whatever a page asks for. */
const A4_WITHIN_MARGINS = { width: 718, height: 1047 };

const HOSTILE = [
  '=cmd|calc',
  `<b>${'long '.repeat(40)}</b>`,
  'שלום عالم',
  '🦅 falcon',
  '@SUM(1+1)',
  '</script>',
];

/** The candidates of the fixture under other names. */
const renamed = (plan: Plan): Plan => {
  const names = new Map(plan.candidates.map(({ name }, index) => [name, HOSTILE[index] ?? name]));
  const nameOf = <T extends { readonly name: string }>(one: T): T => ({
    ...one,
    name: names.get(one.name) ?? one.name,
  });
  return {
    ...plan,
    candidates: plan.candidates.map(nameOf),
    candidatesAt224: [],
    trials: plan.trials.map((one) => ({ ...one, candidate: names.get(one.candidate) ?? one.candidate })),
  };
};

/** Stands in for the site: it shows the first message, and answers as the editor does. */
const EDITOR_THAT_SHOWS_WHAT_IT_GETS = `<!doctype html><script>
addEventListener('message', ({ data, source }) => {
  if (document.querySelector('pre')) return;
  const shown = document.createElement('pre');
  shown.textContent = JSON.stringify(data);
  document.body.append(shown);
  source.postMessage(true, '*');
});
</script>`;

const hostile = runFixture({ epochs: 2, failures: false, change: renamed }).run;

const missing = chromiumIsMissing;

describe.skipIf(missing)(`the page of a run in Chromium${missing ? ` (${missing})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-page-'));
  const files = { real: join(folder, 'real.html'), hostile: join(folder, 'hostile.html') };
  let browser: Browser | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
    writeFileSync(files.real, await reportPage([{ run: real, analysis: analyse(real) }]));
    writeFileSync(files.hostile, await reportPage([{ run: hostile, analysis: analyse(hostile) }]));
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (file: keyof typeof files, options: BrowserContextOptions = {}) => {
    if (browser === undefined) throw new Error('Chromium did not start.');
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(20_000);
    const page = await context.newPage();
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(message.text()));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) trouble.push(request.url());
    });
    await page.goto(pathToFileURL(files[file]).href);
    return { page, trouble };
  };

  const chart = (page: Page, id: string) => page.locator(`figure[data-chart=${id}]`);

  /** Drawn by the program of the page, not by the file. */
  const live = async (page: Page, id: string) => {
    await chart(page, id).scrollIntoViewIfNeeded();
    const drawn = chart(page, id).locator('.plot > div[role=application]');
    await drawn.waitFor();
    return drawn;
  };

  /** What a mark of the differences says, whoever is the reference. */
  const difference = async (page: Page): Promise<RegExp> => {
    const reference = await page.locator('.tools select option:checked').textContent();
    return new RegExp(`against ${reference}: .* \\[.*\\] points, (undecided|better|worse|tie)`);
  };

  const box = (page: Page, name: string) =>
    page.locator('.panel li').filter({ hasText: name }).locator('input').first();

  const saved = async (page: Page, id: string, item: string): Promise<Buffer> => {
    await chart(page, id).locator('summary').click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      chart(page, id).getByRole('button', { name: item }).click(),
    ]);
    return readFileSync(await download.path());
  };

  it('draws a mark a candidate, and takes out of all charts and tables who is not chosen', async () => {
    const { page, trouble } = await open('real');
    const curves = () => chart(page, 'validation-curves').locator('.mark-line path');
    const rows = page.locator('.results tbody tr:not(.group):visible');
    await live(page, 'validation-curves');
    expect(await curves().count()).toBe(NAMES.length);
    expect(await rows.count()).toBe(NAMES.length);
    await box(page, 'RefCO').uncheck();
    await expect.poll(() => curves().count()).toBe(NAMES.length - 1);
    expect(await rows.count()).toBe(NAMES.length - 1);
    for (const id of ['differences-top1', 'latency-distribution']) {
      await expect.poll(async () => (await live(page, id)).textContent()).not.toContain('RefCO');
    }
    expect(await page.locator('.count').textContent()).toBe(`${NAMES.length - 1} of ${NAMES.length} shown`);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    expect(await rows.count()).toBe(NAMES.length);
    expect(trouble).toEqual([]);
  });

  it('finds candidates by their names, and shows only those', async () => {
    const { page } = await open('real');
    await page.getByLabel('Search candidates').fill('group');
    const found = page.locator('.panel li:visible');
    const wanted = NAMES.filter((name) => name.includes('group'));
    expect(await found.count()).toBe(wanted.length);
    await page.getByRole('button', { name: 'Only these' }).click();
    expect(await page.locator('.results tbody tr:not(.group):visible').count()).toBe(wanted.length);
  });

  it('compares with another reference', async () => {
    const { page } = await open('real');
    const cell = (name: string, what: string) =>
      page.locator('.results tbody tr').filter({ hasText: name }).locator(`[data-${what}=top1]`).first();
    const [first = '', other = ''] = NAMES;
    const before = (await cell(other, 'effect').textContent()) ?? '';
    await page.locator('.tools select').selectOption({ label: other });
    expect(await cell(other, 'verdict').textContent()).toBe('reference');
    expect(await cell(other, 'effect').textContent()).toBe('');
    const after = (await cell(first, 'effect').textContent()) ?? '';
    const numberIn = (text: string) => Number.parseFloat(text.replace('−', '-'));
    expect(numberIn(after)).toBeCloseTo(-numberIn(before), 9);
  });

  it('sorts a table by mouse and by keyboard', async () => {
    const { page } = await open('real');
    const heading = page.locator('.results thead th').filter({ hasText: 'MACs' });
    const valuesByGroup = async () =>
      Promise.all(
        (await page.locator('.results tbody').all()).map(async (group) =>
          (await group.locator('tr:not(.group) td:nth-child(3)').allTextContents()).map(Number),
        ),
      );
    await heading.getByRole('button').click();
    const ascending = await valuesByGroup();
    expect(ascending.flat()).toHaveLength(NAMES.length);
    expect(ascending).toEqual(ascending.map((group) => group.toSorted((a, b) => a - b)));
    expect(new Set(ascending[0]).size).toBeGreaterThan(2);
    await heading.getByRole('button').press('Enter');
    expect(await valuesByGroup()).toEqual(ascending.map((group) => group.toReversed()));
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
  });

  it('sorts differences from any reference by their true values, not by what is written', async () => {
    const { page } = await open('real');
    const meanOf = (name: string): number => {
      const done = real.trials.flatMap((trial) =>
        trial.state === 'done' && trial.candidate === name ? [trial.result.testTop1] : [],
      );
      return done.reduce((sum, one) => sum + one, 0) / done.length;
    };
    const heading = page.locator('.results thead th').filter({ hasText: 'difference (points)' });
    const references = await page.locator('.tools select option').allTextContents();
    expect(references.length).toBeGreaterThan(5);
    for (const reference of references) {
      await page.locator('.tools select').selectOption({ label: reference });
      await heading.getByRole('button').click();
      const sign = (await heading.getAttribute('aria-sort')) === 'ascending' ? 1 : -1;
      const group = page
        .locator('.results tbody')
        .filter({ has: page.getByText(reference, { exact: true }) });
      const shown = await group.locator('tr:not(.group) bdi').allTextContents();
      const means = shown.filter((name) => name !== reference).map((name) => sign * meanOf(name));
      expect(means).toHaveLength(references.length - 1);
      for (const [index, mean] of means.slice(1).entries())
        expect(mean).toBeGreaterThan((means[index] ?? Number.NaN) - 1e-9);
    }
  });

  it('marks a candidate in every chart and table at once', async () => {
    const { page } = await open('real');
    await live(page, 'differences-top1');
    const pale = () => chart(page, 'differences-top1').locator('[opacity="0.12"]').count();
    expect(await pale()).toBe(0);
    await page.locator('.panel li').filter({ hasText: 'IGC' }).hover();
    await expect.poll(pale).toBeGreaterThan(NAMES.length - 3);
    expect(await page.locator('.results tr.focus').count()).toBe(1);
  });

  it('tells the value, the interval and the verdict under the pointer', async () => {
    const { page } = await open('real');
    await live(page, 'differences-top1');
    const marks = chart(page, 'differences-top1').locator('.mark-symbol').last();
    await marks.locator('path').first().hover();
    const tooltip = page.locator('#vg-tooltip-element.visible');
    await expect.poll(() => tooltip.textContent()).toMatch(await difference(page));
  });

  it('tells the same at a tap, until the next one elsewhere', async () => {
    const { page } = await open('real', { viewport: { width: 390, height: 800 }, hasTouch: true });
    await live(page, 'differences-top1');
    const tooltip = page.locator('#vg-tooltip-element.visible');
    const marks = chart(page, 'differences-top1').locator('.mark-symbol').last().locator('path');
    await marks.nth(1).tap();
    const text = (await tooltip.textContent()) ?? '';
    expect(text).toMatch(await difference(page));
    const { x = -1, width = 390 } = (await tooltip.boundingBox()) ?? {};
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(390);
    await marks.nth(2).tap();
    expect(await tooltip.textContent()).not.toBe(text);
    await chart(page, 'differences-top1').locator('h3').tap();
    expect(await tooltip.count()).toBe(0);
  });

  it('tells the same by keyboard, mark by mark, to screen readers too, and marks the candidate', async () => {
    const { page, trouble } = await open('real');
    const drawn = await live(page, 'differences-top1');
    await drawn.focus();
    const said = drawn.getByRole('status');
    const tooltip = page.locator('#vg-tooltip-element.visible');
    const pale = chart(page, 'differences-top1').locator('[opacity="0.12"]');
    const told: (string | null)[] = [];
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'End', 'ArrowUp', 'Home']) {
      await page.keyboard.press(key);
      told.push(await tooltip.textContent());
      expect(await said.textContent()).toBe(told.at(-1));
    }
    const [first, second, back, last, before, home] = told;
    expect([back, home]).toEqual([first, first]);
    expect(new Set([first, second, last, before]).size).toBe(4);
    expect(first).toMatch(await difference(page));
    await expect.poll(() => pale.count()).toBeGreaterThan(NAMES.length - 3);
    await page.keyboard.press('Escape');
    expect(await tooltip.count()).toBe(0);
    expect(await said.textContent()).toBe('');
    await expect.poll(() => pale.count()).toBe(0);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    expect(await tooltip.count()).toBe(0);
    expect(trouble).toEqual([]);
  });

  it('has one cost on the x axis, of the reader’s choice', async () => {
    const { page } = await open('real');
    const shown = () =>
      page
        .locator('.accuracy figure[data-chart^=accuracy]:visible')
        .evaluateAll((all) => all.map((each) => each.getAttribute('data-chart')));
    expect(await shown()).toHaveLength(1);
    await page.getByLabel('Cost on the x axis').selectOption('accuracy-macs');
    expect(await shown()).toEqual(['accuracy-macs']);
    await live(page, 'accuracy-macs');
    const choices = page.getByLabel('Cost on the x axis').locator('option:not([value=""])');
    const costs = await choices.evaluateAll((all) => all.map((each) => each.getAttribute('value')));
    expect(costs.length).toBeGreaterThan(2);
    await page.getByLabel('Cost on the x axis').selectOption('');
    expect((await shown()).toSorted()).toEqual(costs.toSorted());
  });

  it('saves a chart as SVG, PNG, spec and CSV, with the values of results.csv', async () => {
    const { page, trouble } = await open('real');
    await page.getByLabel('Cost on the x axis').selectOption('accuracy-params');
    await live(page, 'accuracy-params');
    const svg = (await saved(page, 'accuracy-params', 'Save as SVG')).toString();
    const isBroken = await page.evaluate(
      `new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml').querySelector('parsererror') !== null`,
    );
    expect(isBroken).toBe(false);
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(NAMES.length);
    const png = await saved(page, 'accuracy-params', 'Save as PNG');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const spec = JSON.parse((await saved(page, 'accuracy-params', 'Vega-Lite spec')).toString());
    expect(compile(spec as TopLevelSpec).spec.marks?.length).toBeGreaterThan(0);
    const rows: Record<string, string>[] = parse(await saved(page, 'accuracy-params', 'CSV'), {
      columns: true,
    });
    const results: Record<string, string>[] = parse(readFileSync(join(FOLDER, 'results.csv')), {
      columns: true,
    });
    expect(rows.map(({ candidate }) => candidate).toSorted()).toEqual(NAMES.toSorted());
    for (const row of rows) {
      const trials = results.filter(({ candidate }) => candidate === row.candidate);
      const top1 = trials.map(({ test_top1 }) => Number(test_top1));
      expect(Number(row.test_top1)).toBeCloseTo(top1.reduce((sum, one) => sum + one, 0) / top1.length, 9);
      expect(Math.round(Number(row.params_deploy))).toBe(Number(trials[0]?.params_deploy));
    }
    expect(trouble).toEqual([]);
  });

  it('opens a chart in the Vega editor: its one request, and the spec as a message to that site alone', async () => {
    const { page, trouble } = await open('real');
    const requests: string[] = [];
    await page.context().route(/^https?:/, (route) => {
      requests.push(route.request().url());
      return route.fulfill({ contentType: 'text/html', body: EDITOR_THAT_SHOWS_WHAT_IT_GETS });
    });
    await live(page, 'validation-curves');
    await chart(page, 'validation-curves').locator('summary').click();
    const [editor] = await Promise.all([
      page.waitForEvent('popup'),
      chart(page, 'validation-curves').getByRole('button', { name: 'Vega editor' }).click(),
    ]);
    const message = JSON.parse((await editor.locator('pre').textContent()) ?? '');
    expect(message).toMatchObject({ mode: 'vega-lite', renderer: 'svg' });
    const spec = JSON.parse(message.spec);
    expect(spec.$schema).toBe('https://vega.github.io/schema/vega-lite/v6.json');
    expect(compile(spec as TopLevelSpec).spec.marks?.length).toBeGreaterThan(0);
    expect(requests).toEqual(['https://vega.github.io/editor/']);
    expect(trouble).toEqual([]);
  });

  it('has a menu at every chart that nothing covers or cuts off, on the page of many candidates, too', async () => {
    const { page } = await open('real');
    await page.getByLabel('Cost on the x axis').selectOption('');
    await page.evaluate("document.querySelector('article').classList.add('large')");
    const menus = await page.locator('figure[data-chart] summary').all();
    expect(menus.length).toBeGreaterThan(8);
    for (const menu of menus) {
      await menu.click();
      const hidden: unknown = await page.evaluate(`
        [...document.querySelectorAll('.menu[open] button')].filter((button) => {
          button.scrollIntoView({ block: 'center' });
          const { x, y, width, height } = button.getBoundingClientRect();
          return document.elementFromPoint(x + width / 2, y + height / 2) !== button;
        }).length`);
      expect(hidden).toBe(0);
      await menu.press('Escape');
    }
  });

  it('can be used by keyboard: a link to the answer, menus that close, a zoom', async () => {
    const { page } = await open('real');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the answer');
    await live(page, 'validation-curves');
    const menu = chart(page, 'validation-curves').locator('summary');
    const ticks = () => chart(page, 'validation-curves').locator('.role-axis-label').last().textContent();
    const before = await ticks();
    await menu.press('Enter');
    await chart(page, 'validation-curves').getByRole('button', { name: 'Zoom in' }).press('Enter');
    await expect.poll(ticks).not.toBe(before);
    await menu.press('Escape');
    expect(await chart(page, 'validation-curves').locator('details').getAttribute('open')).toBeNull();
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['390 pixels', { viewport: { width: 390, height: 800 } }],
  ] as const)('has no serious finding of axe: %s', async (_name, options) => {
    const { page } = await open('real', options);
    await live(page, 'differences-top1');
    const findings: unknown = await page.evaluate(`${axe.source};
      axe.run().then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))]))`);
    expect(findings).toEqual([]);
  });

  it.each([
    ['forced colours', { forcedColors: 'active' }],
    ['390 pixels', { viewport: { width: 390, height: 800 } }],
    ['768 pixels', { viewport: { width: 768, height: 900 } }],
    ['a zoom of 200 %', { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
    ['without script', { javaScriptEnabled: false }],
  ] as const)(
    'shows every chart, has nothing to say, and does not scroll sideways: %s',
    async (_name, options) => {
      const { page, trouble } = await open('real', options);
      if (!('javaScriptEnabled' in options)) await live(page, 'differences-top1');
      const width = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(width).toBeLessThanOrEqual(0);
      expect(await page.locator(':is([role=img], [role=application]):visible').count()).toBeGreaterThan(8);
      expect(await labelsInTheWay(page)).toEqual([]);
      expect(trouble).toEqual([]);
    },
  );

  it('shows whole rows of results and costs at 1280 pixels', async () => {
    const { page } = await open('real');
    const cut = await page
      .locator(':is(.results, .costs) .scroll')
      .evaluateAll((all) => all.map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth));
    expect(cut.length).toBeGreaterThan(2);
    expect(cut.every((each) => each === 0)).toBe(true);
  });

  it('has low rows at 390 pixels: a long name is short until the reader taps its row', async () => {
    const { page } = await open('hostile', { viewport: { width: 390, height: 800 }, hasTouch: true });
    const long = page.locator('.results [data-short]').first();
    const name = long.locator('bdi');
    const height = async () => (await long.boundingBox())?.height ?? 0;
    expect(await name.isVisible()).toBe(false);
    expect(await height()).toBeGreaterThan(10);
    expect(await height()).toBeLessThan(90);
    await long.tap();
    expect(await name.isVisible()).toBe(true);
    expect(await name.textContent()).toBe(HOSTILE[1]?.trim());
  });

  it('prints whole tables and no controls', async () => {
    const { page } = await open('real', { viewport: A4_WITHIN_MARGINS });
    await page.emulateMedia({ media: 'print' });
    for (const what of ['.tools', '.accuracy > .select', '.menu', '.contents', 'input[type=search]']) {
      expect(await page.locator(what).first().isVisible()).toBe(false);
    }
    const cut: unknown = await page.evaluate(
      `[...document.querySelectorAll('.scroll')].filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1 && getComputedStyle(document.querySelector('.scroll')).overflowX !== 'visible').length`,
    );
    expect(cut).toBe(0);
    const wider: unknown = await page.evaluate(
      `[...document.querySelectorAll('table')].filter((table) => table.getBoundingClientRect().right > innerWidth + 1).length`,
    );
    expect(wider).toBe(0);
    const sizes: unknown = await page.evaluate(
      `[...new Set([...document.querySelectorAll('.results td, .results .interval, .results thead th')].map((cell) => getComputedStyle(cell).fontSize))].length`,
    );
    expect(sizes).toBe(1);
  });

  it('shows and saves names that would be formulas, markup or otherwise written as they are', async () => {
    const { page, trouble } = await open('hostile');
    const shown = await page.locator('.results tbody bdi').allTextContents();
    expect(shown.toSorted()).toEqual(HOSTILE.map((name) => name.trim()).toSorted());
    expect(await page.title()).toBe('Spatial operators of the Meta Light Block');
    await page.getByLabel('Cost on the x axis').selectOption('accuracy-params');
    await live(page, 'accuracy-params');
    const rows: Record<string, string>[] = parse(await saved(page, 'accuracy-params', 'CSV'), {
      columns: true,
    });
    expect(rows.map(({ candidate }) => candidate)).toEqual(
      expect.arrayContaining(["'=cmd|calc", "'@SUM(1+1)", '🦅 falcon', '</script>']),
    );
    const svg = (await saved(page, 'accuracy-params', 'Save as SVG')).toString();
    expect(svg).toContain('=cmd|calc');
    expect(svg).not.toMatch(/<(b|script)>/);
    expect(trouble).toEqual([]);
  });
});
