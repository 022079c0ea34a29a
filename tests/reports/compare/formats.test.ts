import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { comparisonSchema } from '../../../harness/regression/compare/comparison.js';
import { comparisonJunit } from '../../../reports/compare/junit.js';
import { comparisonMarkdown } from '../../../reports/compare/markdown.js';
import { comparisonText } from '../../../reports/compare/text.js';
import { comparisonFixture } from '../../support/comparison.js';
import { HOSTILE_NAMES } from '../../support/run-fixture.js';

const comparison = comparisonSchema.parse(comparisonFixture());

describe('the text', () => {
  const text = comparisonText(comparison, false);

  it('names the commit of a side, and what is worse with both numbers, the operation and the attribute that changed', () => {
    expect(text).toContain(', commit 0123456789ab with uncommitted changes, lightbench 0.1.0');
    expect(text).toContain('train params 1,000 → 1,250 (+25.00 %)');
    expect(text).toContain('train stem.conv: kernel 3x3 → 5x5, params 144 → 400');
    expect(text).toContain('The deploy form no longer merges or folds 1 operation: stem.side.conv.');
    expect(text).toContain('1.250 ms → 1.314 ms, +5.10 % [+3.00, +7.00]');
    expect(text).toContain('About 120 rounds would probably decide it.');
    expect(text).toContain('2 of 5 equal');
    expect(text).toContain('gone old: in the baseline, but no longer here');
    expect(text).toContain('Gone, as allowed: older.');
    expect(text).toMatch(/Accuracy: not comparable: recipe\.epochs: 4 and 8; data set: a and b\./);
    expect(text.split('\n').at(-1)).toMatch(/^Regression: wider \(costs and latency\) and /);
  });

  it('counts what follows from the first changes', () => {
    expect(text).toContain('deploy: and 15 operations more');
    expect(text).not.toContain('later.19');
  });

  it('shows what is worse before all else', () => {
    const latency = text.slice(text.indexOf('Latency:'));
    expect(latency.indexOf('worse wider')).toBeLessThan(latency.indexOf('undecided'));
    expect(latency.indexOf('undecided')).toBeLessThan(latency.indexOf('not-comparable sf'));
  });

  it('without a difference is short', () => {
    const passed = comparisonText(
      {
        ...comparison,
        state: 'passed',
        regressions: [],
        undecided: [],
        gone: [],
        costs: { entries: [], equal: ['a', 'b'], added: [], removed: [] },
        latency: null,
        accuracy: null,
      },
      false,
    );
    expect(passed.split('\n').slice(-3)).toEqual(['Costs: 2 of 2 equal', '', 'No regression.']);
  });
});

describe('the Markdown', () => {
  const markdown = comparisonMarkdown(comparison);

  it('has rows of three cells, whatever the names hold', () => {
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 + 3 + 2 + 3);
    for (const row of rows) expect(row.split('|')).toHaveLength(5);
  });

  it('takes no markup from names', () => {
    expect(markdown).not.toContain('<script');
    expect(markdown).not.toContain('<img');
    expect(markdown).not.toContain('`');
    expect(markdown.match(/<\/?[a-z]+>/g)?.every((tag) => /^<\/?(br|details|summary)>$/.test(tag))).toBe(
      true,
    );
  });
});

describe('the JUnit report', () => {
  const xml = comparisonJunit(comparison);

  it('is XML whose counts are those of its cases', () => {
    expect(XMLValidator.validate(xml)).toBe(true);
    const { testsuites } = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      isArray: (name) => name === 'testcase' || name === 'testsuite',
    }).parse(xml);
    const found = testsuites.testsuite.map((suite: Record<string, unknown>) => ({
      name: suite['@name'],
      counts: [suite['@tests'], suite['@failures'], suite['@skipped']].map(Number),
      cases: suite.testcase,
    }));
    expect(found).toMatchObject([
      { name: 'costs', counts: [5, 2, 0] },
      { name: 'latency', counts: [4, 1, 2] },
      { name: 'accuracy', counts: [1, 0, 1] },
    ]);
    for (const { counts, cases } of found) {
      const having = (tag: string) => cases.filter((one: object) => tag in one).length;
      expect([cases.length, having('failure'), having('skipped')]).toEqual(counts);
    }
    const [costs, latency] = found;
    expect(costs.cases[0]).toMatchObject({ '@name': 'old', failure: { '@type': 'costs' } });
    expect(costs.cases[1]).toMatchObject({ '@name': 'wider', failure: { '@type': 'costs' } });
    expect(costs.cases[1].failure['#text']).toContain('stem.conv: kernel 3x3 → 5x5');
    expect(latency.cases[1]['@name']).toBe(HOSTILE_NAMES.image);
  });
});
