import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import { CHARTS } from '../../../reports/charts/registry.js';
import { packView, unpackView } from '../../../reports/page/packed-view.js';
import { type Choice, chosenView } from '../../../reports/page/script/choice.js';
import { interactiveSpec } from '../../../reports/page/script/interactive-spec.js';
import { keyOf } from '../../../reports/page/script/sort-key.js';
import { viewOf } from '../../../reports/view/view.js';
import { asFactorial } from '../../support/factorial.js';
import { runFixture } from '../../support/run-fixture.js';

const { run } = runFixture({ epochs: 4, change: asFactorial });
const view = viewOf({ run, analysis: analyse(run) });
const unpacked = unpackView(JSON.parse(JSON.stringify(packView(view))));

/** Numbers to four digits: the packed view has five. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, one) => (typeof one === 'number' ? Number(one.toPrecision(3)) : one));

const tipsIn = (value: unknown): string[] => JSON.stringify(value ?? null).match(/"tip":"[^"]*"/g) ?? [];

describe('a view that was packed into a page', () => {
  it.each(CHARTS.map((chart) => [chart.id, chart] as const))('gives the same chart: %s', (_id, chart) => {
    const [before, after] = [chart.draw(view), chart.draw(unpacked)];
    expect(tipsIn(after?.spec)).toEqual(tipsIn(before?.spec));
    expect(rounded(after?.margins ?? null)).toEqual(rounded(before?.margins ?? null));
  });

  it('has no test images and no selections in it: a page is small', () => {
    const text = JSON.stringify(packView(view));
    expect(text).not.toContain('testCorrect');
    expect(text).not.toContain('fingerprint');
  });
});

const NOTHING: Choice = { hidden: new Set(), references: new Map(), focus: null, cost: null };

describe('the view of a choice', () => {
  it('lacks who is hidden, in all groups and charts', () => {
    const [first] = unpacked.candidates;
    const chosen = chosenView(unpacked, { ...NOTHING, hidden: new Set([first?.label ?? '']) });
    expect(chosen.candidates).toHaveLength(unpacked.candidates.length - 1);
    for (const chart of CHARTS) {
      const spec = JSON.stringify(chart.draw(chosen)?.spec ?? {});
      expect(spec).not.toContain(`"candidate":${JSON.stringify(first?.label)}`);
    }
  });

  it('compares with the reference that was chosen', () => {
    const [group] = unpacked.groups;
    const other = group?.candidates.find((one) => one !== group.reference);
    const references = new Map([[group?.title ?? '', other?.label ?? '']]);
    expect(chosenView(unpacked, { ...NOTHING, references }).groups[0]?.reference).toBe(other);
  });

  it('draws nothing where all are hidden', () => {
    const chosen = chosenView(unpacked, {
      ...NOTHING,
      hidden: new Set(unpacked.candidates.map(({ label }) => label)),
    });
    for (const chart of CHARTS) expect(chart.draw(chosen)).toBeNull();
  });
});

describe('a chart that answers', () => {
  it.each(CHARTS.map((chart) => [chart.id, chart] as const))(
    'is a spec that Vega-Lite takes without a word: %s',
    (_id, chart) => {
      const drawing = chart.draw(unpacked);
      if (drawing === null) return;
      const complaints: unknown[] = [];
      const record = (...messages: readonly unknown[]) => {
        complaints.push(messages);
        return logger;
      };
      const logger = { level: () => logger, error: record, warn: record, info: record, debug: () => logger };
      for (const zoom of [1, 2]) compile(interactiveSpec(drawing.spec, { zoom, canZoom: true }), { logger });
      expect(complaints).toEqual([]);
    },
  );
});

describe('what a cell is sorted by', () => {
  it.each([
    ['1,503,210', 1_503_210],
    ['−0.4 [−1.2, +0.3]', -0.4],
    ['+12', 12],
    ['1=', 1],
    ['out of reach', 'out of reach'],
    ['–', null],
    ['', null],
  ])('%s', (text, key) => {
    expect(keyOf(text)).toBe(key);
  });
});
