import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { summaryTable } from '../../reports/summary-table.js';
import { viewOf } from '../../reports/view/view.js';
import { cautionText } from '../../reports/wording/cautions.js';
import { analysisFixture } from '../support/analysis-fixture.js';
import { withCandidates } from '../support/many-candidates.js';
import { runFixture } from '../support/run-fixture.js';

const { run } = runFixture({ epochs: 2 });
const analysis = analysisFixture(run);
const plain = (width: number) => summaryTable({ run, analysis, width, colors: false });

/** The rows of the table, without the sections below it. */
const rowsOf = (text: string): string[] => (text.split('\n\n')[0] ?? '').split('\n');

describe('the summary of a run', () => {
  it.each([80, 100, 120])('fits a terminal of %i columns', (width) => {
    for (const count of [1, 6, 40]) {
      const many = runFixture({ epochs: 2, change: withCandidates(count) }).run;
      const text = summaryTable({ run: many, analysis: analysisFixture(many), width, colors: false });
      for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(width);
    }
  });

  it('says the same with and without colours', () => {
    const colored = summaryTable({ run, analysis, width: 100, colors: true });
    expect(colored).not.toBe(plain(100));
    expect(stripVTControlCharacters(colored)).toBe(plain(100));
  });

  it('has no control character but line breaks, whatever candidates and errors are called', () => {
    const hostile = runFixture({
      epochs: 2,
      change: (plan) => {
        const rename = (name: string) => (name === 'repso' ? '\u001b[31mred\nand\u202Etwo\u0007' : name);
        return {
          ...plan,
          candidates: plan.candidates.map((each) => ({ ...each, name: rename(each.name) })),
          trials: plan.trials.map((each) => ({ ...each, candidate: rename(each.candidate) })),
        };
      },
    }).run;
    const text = summaryTable({
      run: hostile,
      analysis: analysisFixture(hostile),
      width: 120,
      colors: false,
    });
    expect(text).toContain('red and two');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('has a row for every candidate, by group, with its rank; ties share one', () => {
    const rows = rowsOf(plain(120));
    const view = viewOf({ run, analysis });
    let last = 0;
    for (const { title, candidates } of view.groups) {
      expect(rows.findIndex((row) => row.startsWith(title))).toBeGreaterThan(last);
      for (const { name, rank } of candidates) {
        const place = rows.findIndex((row) => row.startsWith(name.slice(0, 20)));
        expect(place).toBeGreaterThan(last);
        if (rank.top1 !== null) expect(rows[place]).toMatch(new RegExp(` ${rank.top1} `));
        last = place;
      }
    }
    expect(rows.filter((row) => / 1= /.test(row)).length).toBeGreaterThan(1);
  });

  it('answers claims with their figures', () => {
    const text = plain(200);
    for (const claim of analysis.claims) expect(text).toContain(`: ${claim.claim} (`);
    expect(text).toMatch(/- supported: accuracy\(identity\) < accuracy\(.*\) \(−\d.* points \[−.*\]\)/);
  });

  it('lists what failed and why, what is missing, and the cautions', () => {
    const text = plain(200);
    expect(text).toMatch(/Failed\n- repso, seed 2: Loss is not finite in epoch 3\. <script>/);
    expect(text).toContain('latency: The session ran out of memory.');
    expect(text).toMatch(/Missing\n- mobilenet-v2: 1 of 3 trials not run/);
    for (const caution of analysis.cautions) expect(text).toContain(`- ${cautionText(caution)}`);
  });

  it('has no empty sections', () => {
    const clean = runFixture({ epochs: 2, failures: false }).run;
    const text = summaryTable({
      run: clean,
      analysis: { ...analysisFixture(clean), cautions: [], claims: [] },
      width: 100,
      colors: false,
    });
    expect(text).not.toMatch(/Claims|Failed|Missing|Cautions/);
  });

  it('shows a dash where nothing was measured, never a zero', () => {
    const failed = rowsOf(plain(120)).find((row) => row.startsWith('"></script>'));
    expect(failed).toMatch(/ -$/);
  });
});
