import { expect, it } from 'vitest';
import { accuracyParams } from '../../../reports/charts/accuracy-params.js';
import { viewOf } from '../../../reports/view/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { runFixture } from '../../support/run-fixture.js';

/** What is drawn where the half widths of the intervals are these, in turn. */
const drawnWith = (...halves: readonly number[]) => {
  const { run } = runFixture({ failures: false });
  const analysis = analysisFixture(run);
  const candidates = analysis.candidates.map((one, i) => {
    const value = 0.5 + i / 1000;
    const half = halves[i % halves.length] ?? 0;
    return { ...one, top1: { value, interval: [value - half, value + half] as const } };
  });
  const drawing = accuracyParams.draw(viewOf({ run, analysis: { ...analysis, candidates } }));
  const spec = JSON.parse(JSON.stringify(drawing?.spec));
  const [least, most] = spec.encoding.y.scale.domain as [number, number];
  const points = spec.data.values as { top1: number; low: number; high: number }[];
  return { least, most, points };
};

it('shows intervals whole, though they are far wider than all differences', () => {
  const { least, most, points } = drawnWith(0.1);
  for (const { low, top1, high } of points) {
    expect([top1 - low, high - top1]).toEqual([expect.closeTo(10, 6), expect.closeTo(10, 6)]);
    expect(least).toBeLessThan(low);
    expect(most).toBeGreaterThan(high);
  }
});

it('cuts off one that is far wider than the others', () => {
  const { least, most, points } = drawnWith(0.4, 0.01, 0.01, 0.01);
  expect(most - least).toBeLessThan(20);
  expect(points.length).toBeGreaterThan(4);
});
