import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABEL_ROOM } from '../../../reports/charts/frame.js';
import { fitted, textWidth } from '../../../reports/charts/text-width.js';
import { viewOf } from '../../../reports/view/view.js';
import type { Plan } from '../../../results/plan/plan.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { runFixture } from '../../support/run-fixture.js';

describe('a label that is fitted', () => {
  it('keeps to its room, and stays whole where it does already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 60, max: 300 }), (text, room) => {
        const label = fitted(text, room);
        expect(textWidth(label)).toBeLessThanOrEqual(room);
        if (textWidth(text) <= room) expect(label).toBe(text);
      }),
    );
  });
});

it.each(['m', 'W', '汉', '🦅', 'long '])('a name of many %s has a label that fits beside a chart', (unit) => {
  const longNames = (plan: Plan): Plan => {
    const names = new Map(
      plan.candidates.map(({ name }, at) => [name, `${at}${unit.repeat(200 / unit.length)}`]),
    );
    const nameOf = (name: string): string => names.get(name) ?? name;
    return {
      ...plan,
      candidates: plan.candidates.map((one) => ({ ...one, name: nameOf(one.name) })),
      candidatesAt224: [],
      trials: plan.trials.map((one) => ({ ...one, candidate: nameOf(one.candidate) })),
    };
  };
  const { run } = runFixture({ epochs: 1, failures: false, change: longNames });
  const { candidates } = viewOf({ run, analysis: analysisFixture(run) });
  expect(candidates.length).toBeGreaterThan(2);
  for (const { label } of candidates) expect(textWidth(label)).toBeLessThanOrEqual(LABEL_ROOM);
});
