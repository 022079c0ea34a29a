import { describe, expect, it } from 'vitest';
import { renderSvg } from '../../../reports/charts/render.js';
import { verdictMatrix } from '../../../reports/charts/verdict-matrix.js';
import { comparisonOf } from '../../../reports/view/comparisons.js';
import { viewOf } from '../../../reports/view/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { withCandidates } from '../../support/many-candidates.js';
import { runFixture } from '../../support/run-fixture.js';

const viewed = (count: number) => {
  const { run } = runFixture({ epochs: 1, failures: false, change: withCandidates(count) });
  return viewOf({ run, analysis: analysisFixture(run) });
};

describe('the verdict matrix', () => {
  it('has numbers as its data: every pair, both ways, in points', () => {
    const view = viewed(6);
    const rows = verdictMatrix.draw(view)?.rows ?? [];
    const compared = view.groups.flatMap(({ candidates, comparable }) =>
      candidates.flatMap((row) =>
        candidates.flatMap((column) => {
          const found = row === column ? null : comparisonOf(comparable, 'top1', row.id, column.id);
          return found === null ? [] : [{ row, column, found }];
        }),
      ),
    );
    expect(compared.length).toBeGreaterThan(0);
    expect(rows).toEqual(
      compared.map(({ row, column, found: { effect, interval, verdict } }) => ({
        candidate: row.label,
        reference: column.label,
        effect: 100 * effect,
        low: interval && 100 * interval[0],
        high: interval && 100 * interval[1],
        state: verdict.state,
      })),
    );
  });

  it('writes numbers into the cells of few candidates, however long their names, and signs of many', async () => {
    const textsOf = async (count: number) => {
      const view = viewed(count);
      const long = view.candidates.map((one, at) => ({ ...one, label: `${'m'.repeat(24)}${at}` }));
      const byId = new Map(long.map((one) => [one.id, one]));
      const groups = view.groups.map((group) => ({
        ...group,
        candidates: group.candidates.map(({ id }) => byId.get(id) ?? group.reference),
      }));
      const drawing = verdictMatrix.draw({ ...view, candidates: long, groups });
      return drawing === null ? '' : await renderSvg(drawing);
    };
    const numbers = />[+−]?\d+\.\d</g;
    expect((await textsOf(6)).match(numbers)?.length).toBeGreaterThan(20);
    expect((await textsOf(30)).match(numbers)).toBeNull();
  });
});
