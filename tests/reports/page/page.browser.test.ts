import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHARTS } from '../../../reports/charts/registry.js';
import { reportPage } from '../../../reports/page/page.js';
import { viewOf } from '../../../reports/view/view.js';
import { warningText } from '../../../reports/wording/cautions.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { chromiumIsMissing, launchChromium } from '../../support/chromium.js';
import { asFactorial } from '../../support/factorial.js';
import { labelsInTheWay } from '../../support/labels-in-the-way.js';
import { latencyMeasurement } from '../../support/latency-measurement.js';
import { withCandidates } from '../../support/many-candidates.js';
import { HOSTILE_NAMES, type RunFixture, runFixture } from '../../support/run-fixture.js';

const inputOf = ({ run }: RunFixture) => ({ run, analysis: analysisFixture(run) });

const one = inputOf(runFixture());
const two = [one, inputOf(runFixture({ name: 'second', seeds: 1, epochs: 3, change: asFactorial }))];
const forty = inputOf(runFixture({ epochs: 5, change: withCandidates(40) }));

const INPUTS = { 'one run': [one], 'two runs': two, 'forty candidates': [forty] } as const;

const PAGES = {
  'one run': await reportPage(INPUTS['one run']),
  'two runs': await reportPage(INPUTS['two runs']),
  'forty candidates': await reportPage(INPUTS['forty candidates']),
} as const;

/** Without its program, which is no markup. */
const markupOf = (page: string): string => page.replace(/<script>[\s\S]*?<\/script>/, '');

describe.each([
  ['one run', INPUTS['one run'], PAGES['one run']],
  ['two runs', INPUTS['two runs'], PAGES['two runs']],
  ['forty candidates', INPUTS['forty candidates'], PAGES['forty candidates']],
] as const)('the page of %s', (_name, inputs, whole) => {
  const page = markupOf(whole);

  it('loads nothing: no address but its own anchors, no script or style from elsewhere', () => {
    const tags = (page.match(/<[a-z][^>]*>/gi) ?? []).join('\n');
    expect(tags).not.toMatch(/^<(link|iframe|object|embed|img|image|use|base|form)\b/im);
    expect(tags.match(/<script[^>]*>/g)?.filter((tag) => tag !== '<script type="application/json">')).toEqual(
      [],
    );
    const names = tags.replace(/"[^"]*"/g, '""');
    expect(names).not.toMatch(/\b(src|srcset|action|formaction|data|poster|background|on[a-z]+)=/i);
    expect(page).not.toMatch(/url\(|@import|https?:/i);
    for (const [, target] of tags.matchAll(/\bhref="([^"]*)"/g)) expect(target).toMatch(/^#/);
  });

  it('allows nothing but its own style sheet and its own program', () => {
    const hashOf = (tag: string): string => {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(whole)?.[1] ?? '';
      return createHash('sha256').update(text).digest('base64');
    };
    expect(whole).toContain(
      `content="default-src 'none'; style-src 'sha256-${hashOf('style')}'; script-src 'sha256-${hashOf('script')}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toMatch(/ style="/);
  });

  it('shows hostile names as text', () => {
    for (const name of Object.values(HOSTILE_NAMES)) expect(page).not.toContain(name);
    expect(page).toContain('&lt;img src=x onerror=&quot;document.title=&#39;owned&#39;&quot;&gt;');
    expect(page.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('uses an id once', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every chart that has something to show, with a name', () => {
    const drawn = inputs.flatMap((input) => CHARTS.filter(({ draw }) => draw(viewOf(input)) !== null));
    expect(page.match(/<svg [^>]*role="img" aria-label="[^"]+"/g)).toHaveLength(drawn.length);
    expect([...page.matchAll(/data-chart="([^"]*)"/g)].map(([, id]) => id).toSorted()).toEqual(
      drawn.map(({ id }) => id).toSorted(),
    );
  });
});

const escaped = (character: string): string =>
  ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[character] ?? character;

describe('the page of several runs', () => {
  it('says of every two what they differ in, and that nothing is ranked across them', () => {
    expect(PAGES['two runs']).toContain('candidates of different runs are not ranked against each other');
    expect(PAGES['two runs']).toContain(
      'Runs 1 and 2 are not comparable; they differ in: recipe.epochs: 12 and 3',
    );
    expect(PAGES['one run']).not.toContain('Between the runs');
  });
});

describe('the page of a run', () => {
  const text = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  const page = text(markupOf(PAGES['one run']));

  it('starts with the question and an answer that names the leaders and what is open', () => {
    expect(page).toContain(one.run.plan.question);
    const [blocks] = one.analysis.groups;
    const first = blocks?.rankings.top1.filter(({ rank }) => rank === 1) ?? [];
    expect(page).toContain(`no test separates the ${first.length} most accurate of 5 candidates: `);
    const pairs = blocks?.comparisons.filter(({ metric }) => metric === 'top1') ?? [];
    const undecided = pairs.filter(({ verdict }) => verdict.state === 'undecided');
    expect(page).toMatch(
      new RegExp(
        `Of ${pairs.length} pairs, .* and ${undecided.length} are undecided ?; about \\d+ to \\d+ seeds`,
      ),
    );
    expect(page).toContain('16 of 18 trials are done');
  });

  it('names the conditions', () => {
    const { dataset, engine } = one.run.plan.conditions;
    const { environment } = one.run;
    for (const fact of [dataset.contentHash, engine.version, environment.node, 'learningRate=0.1']) {
      expect(page).toContain(fact);
    }
    expect(page).toContain(environment.commit);
    for (const warning of environment.warnings) expect(page).toContain(warningText(warning));
  });

  it('tells how images came to their size where they were not padded', async () => {
    expect(page).not.toMatch(/images are (scaled|cropped)/);
    const { run } = one;
    for (const [fit, words] of [
      ['scale', 'images are scaled'],
      ['crop', 'images are cropped'],
    ] as const) {
      const plan = { ...run.plan, conditions: { ...run.plan.conditions, fit } };
      expect(await reportPage([{ ...one, run: { ...run, plan } }])).toContain(words);
    }
  });

  it('tells how the latency measurement went, where that is recorded', async () => {
    const start = latencyMeasurement().conditions.start;
    const end = { ...start, loadAverage: [1.75, 0, 0] as [number, number, number] };
    const measurement = { ...latencyMeasurement({ start, end, othersShare: 0.31 }), endedEarly: true };
    const [candidate = '', state] = [...one.run.latency][0] ?? [];
    if (state?.state !== 'done') throw new Error('the fixture lost its latencies');
    const latencyControl = { candidate, result: state.result };
    const measured = { ...one.run, latencyControl, latencyMeasurement: measurement };
    const shown = await reportPage([{ ...one, run: measured }]);
    expect(shown).toMatch(/ended early after \d+ sessions because every pair was decided/);
    expect(shown).toContain('load 0.25, 0.00, 0.00 at the start and 1.75, 0.00, 0.00 at the end');
    expect(shown).toContain('other programs used 31 % of the CPU time');
  });

  it('gives the differences of what is not comparable, and the errors of what failed', () => {
    expect(page).toContain('network around the blocks: 0c1d2e3f and aa11bb22');
    expect(page).toContain('Loss is not finite in epoch 3.');
    expect(page).toContain('The session ran out of memory.');
  });

  it('answers the statements of the suite', () => {
    expect(page).toMatch(/1 other statement of the suite: 1 not answerable/);
    expect(page).toMatch(/supported accuracy\(identity\) &lt; accuracy\(depthwise\) : −[\d.]+ points \[/);
    for (const { claim } of one.analysis.claims) {
      expect(PAGES['one run']).toContain(`>${claim.replace(/[&<>"']/g, escaped)}</th>`);
    }
  });

  it('has a sentence and a table for each of the figures of the paper', () => {
    expect(page).toMatch(
      /3 × 3: the centre holds [\d.]+ % ; on average, a tap next to it holds [\d.]+ % and a corner [\d.]+ %; a uniform kernel would have 11\.1 %\./,
    );
    expect(page).toContain('repso 90.4 64 → 192 64 64 64 full 192 → 64 192 192 192 full');
    expect(page).toContain('64 → 192 16 16 16 not full 192 → 64 48 48 48 not full');
  });

  it('has the costs at 224 pixels where the suite has them, and only there', async () => {
    const { candidatesAt224, ...plan } = one.run.plan;
    const [first] = candidatesAt224 ?? [];
    expect(page).toContain('The same candidates at ImageNet scale');
    expect(page).toContain(`${((first?.costs.deploy.macs ?? 0) / 1e9).toFixed(3)} `);
    const without = await reportPage([{ ...one, run: { ...one.run, plan } }]);
    expect(without).not.toContain('at ImageNet scale');
  });

  it('says how to run it again', () => {
    expect(page).toContain(
      'npx lightbench run quick --seeds 3 --epochs 12 --budget params=1500000 --engine onnxruntime',
    );
  });
});

const missing = chromiumIsMissing;

describe.skipIf(missing)(`the page in Chromium${missing ? ` (${missing})` : ''}`, () => {
  const directory = mkdtempSync(join(tmpdir(), 'lightbench-page-'));
  let browser: Browser | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const open = async (name: keyof typeof PAGES, width: number, colorScheme: 'light' | 'dark' = 'light') => {
    const file = join(directory, `${name.replaceAll(' ', '-')}.html`);
    writeFileSync(file, PAGES[name]);
    if (browser === undefined) throw new Error('Chromium did not start.');
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      offline: true,
    });
    const page = await context.newPage();
    const messages: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, messages, requests };
  };

  describe.each([
    ['one run', 1280],
    ['one run', 390],
    ['two runs', 1280],
    ['forty candidates', 1280],
    ['forty candidates', 390],
  ] as const)('%s, %i pixels wide', (name, width) => {
    let opened: Awaited<ReturnType<typeof open>>;

    beforeAll(async () => {
      opened = await open(name, width);
    });

    it('opens without a request or an error', async () => {
      const { page, messages, requests } = opened;
      expect(messages).toEqual([]);
      expect(requests).toHaveLength(1);
      expect(await page.title()).toContain('Spatial operators of the Meta Light Block');
      expect(await page.locator('img, iframe').count()).toBe(0);
    });

    it('shows every chart within the page, which does not scroll sideways', async () => {
      const charts = await opened.page.locator('figure:visible :is([role=img], [role=application])').all();
      expect(charts.length).toBeGreaterThan(5);
      for (const chart of charts) {
        const box = await chart.boundingBox();
        expect(box?.width).toBeGreaterThan(300);
        expect(box?.height).toBeGreaterThan(40);
        expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= width).toBe(true);
      }
      expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    });

    it('has no labels in a chart that overlap or are cut off', async () => {
      expect(await labelsInTheWay(opened.page)).toEqual([]);
    });
  });

  it('is readable in the dark: text is light, and marks have the colours of a dark page', async () => {
    const { page } = await open('one run', 1280, 'dark');
    const channels = await page.evaluate(`[
      getComputedStyle(document.body).backgroundColor,
      getComputedStyle(document.body).color,
      getComputedStyle(document.querySelector('svg[role=img] text')).fill,
    ].map((color) => Number(/\\d+/.exec(color)[0]))`);
    const [background, text, label] = channels as number[];
    expect(background).toBeLessThan(50);
    expect(text).toBeGreaterThan(200);
    expect(label).toBeGreaterThan(130);
  });
});
