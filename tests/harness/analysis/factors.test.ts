import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import type { FactorEffect } from '../../../harness/analysis/analysis.js';
import { type MeasuredCandidate, measuredRun } from '../../support/measured-run.js';
import { normalSource } from '../../support/simulation.js';

const LEVELS = ['none', 'dw'] as const;

/** Every combination of S1 and S2, with times of the given product of ratios and no noise but a little between sessions. */
const timed = (msOf: (s1: string, s2: string) => number): MeasuredCandidate[] => {
  const normal = normalSource(1);
  return LEVELS.flatMap((s1) =>
    LEVELS.map((s2) => ({
      name: `${s1} ${s2}`,
      record: { factors: { S1: s1, S2: s2, block: 'meta' } },
      roundMs: Array.from({ length: 6 }, () => {
        const session = msOf(s1, s2) * (1 + 1e-4 * normal());
        return [session, session];
      }),
    })),
  );
};

const effectsOf = (candidates: readonly MeasuredCandidate[]): readonly FactorEffect[] =>
  analyse(measuredRun({ candidates })).groups[0]?.effects ?? [];

const find = (effects: readonly FactorEffect[], ...factors: readonly string[]): FactorEffect | undefined =>
  effects.find(({ of }) => of.map(({ factor }) => factor).join() === factors.join());

describe('factor effects', () => {
  it('are the mean differences over the other factors, worked by hand', () => {
    const effects = effectsOf(timed((s1, s2) => 10 * (s1 === 'dw' ? 1.1 : 1) * (s2 === 'dw' ? 1.2 : 1)));
    expect(effects.map(({ of }) => of.length)).toEqual([1, 1, 2]);
    expect(find(effects, 'S1')).toMatchObject({
      metric: 'latency',
      of: [{ factor: 'S1', level: 'dw', reference: 'none' }],
      effect: expect.closeTo(0.1, 3),
      verdict: { state: 'worse' },
    });
    expect(find(effects, 'S2')?.effect).toBeCloseTo(0.2, 3);
    expect(find(effects, 'S1', 'S2')?.effect).toBeCloseTo(0, 3);
    expect(find(effects, 'S1', 'S2')?.verdict.state).toBe('tie');
  });

  it('find what two factors do only together', () => {
    const effects = effectsOf(timed((s1, s2) => (s1 === 'dw' && s2 === 'dw' ? 12 : 10)));
    expect(find(effects, 'S1', 'S2')?.effect).toBeCloseTo(0.2, 3);
    expect(find(effects, 'S1')?.effect).toBeCloseTo(Math.sqrt(1.2) - 1, 3);
  });

  it('are of accuracy too, paired by seed and image, but not of whole networks that differ in cost', () => {
    // Of 100 images S1 gains 10 at either level of S2, S2 gains none.
    const row = (hits: number, seed: number) =>
      Uint8Array.from({ length: 100 }, (_, i) => (i < hits + (seed % 2) ? 1 : 0));
    const candidates = timed(() => 10).map(({ name, record }): MeasuredCandidate => {
      const hits = record?.factors?.S1 === 'dw' ? 80 : 70;
      return { name, ...(record ? { record } : {}), correct: [0, 1, 2, 3].map((seed) => row(hits, seed)) };
    });
    const effects = effectsOf(candidates);
    expect(find(effects, 'S1')).toMatchObject({ metric: 'top1', effect: expect.closeTo(0.1, 12) });
    expect(find(effects, 'S2')?.effect).toBe(0);
    expect(find(effects, 'S1', 'S2')?.effect).toBe(0);
    const wholes = candidates.map(({ record, ...one }) => ({
      ...one,
      record: { ...record, group: 'network', skeleton: one.name } as const,
    }));
    expect(effectsOf(wholes).map(({ metric }) => metric)).toEqual(['top1', 'top1', 'top1']);
    const [costs] = measuredRun({ candidates }).plan.candidates.map((one) => one.costs);
    if (costs === undefined) throw new Error('There is no candidate.');
    const large = { ...costs, deploy: { ...costs.deploy, macs: 2 * costs.deploy.macs } };
    const unequal = wholes.map((one, i) =>
      i === 0 ? { ...one, record: { ...one.record, costs: large } } : one,
    );
    expect(effectsOf(unequal)).toEqual([]);
  });

  it('are not given of a design with holes, and the analysis says so', () => {
    const candidates = timed(() => 10).slice(1);
    expect(effectsOf(candidates)).toEqual([]);
    const { cautions } = analyse(measuredRun({ candidates }));
    expect(cautions).toContainEqual({ kind: 'incomplete-design', candidates: 3, combinations: 4 });
  });

  it('are not given where candidates state none, or one level of each', () => {
    const plain = timed(() => 10).map(
      ({ name, roundMs }): MeasuredCandidate => ({ name, ...(roundMs ? { roundMs } : {}) }),
    );
    expect(effectsOf(plain)).toEqual([]);
    expect(effectsOf(timed(() => 10).slice(0, 1))).toEqual([]);
    expect(analyse(measuredRun({ candidates: plain })).cautions.map(({ kind }) => kind)).not.toContain(
      'incomplete-design',
    );
  });

  it('compare every further level with the first', () => {
    const normal = normalSource(2);
    const candidates = ['none', 'dw', 'repso'].map(
      (level, i): MeasuredCandidate => ({
        name: level,
        record: { factors: { S: level } },
        roundMs: Array.from({ length: 5 }, () => [10 + i + 0.001 * normal()]),
      }),
    );
    expect(effectsOf(candidates).map(({ of, effect }) => [of[0]?.level, effect.toFixed(2)])).toEqual([
      ['dw', '0.10'],
      ['repso', '0.20'],
    ]);
  });
});
