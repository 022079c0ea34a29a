import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import type { ParetoFront } from '../../../harness/analysis/analysis.js';
import { type MeasuredCandidate, measuredRun } from '../../support/measured-run.js';
import { normalSource, simulateCorrect } from '../../support/simulation.js';

const [template] = measuredRun({ candidates: [{ name: 'x' }] }).plan.candidates;

/** Networks with these gains of accuracy, parameters, and milliseconds. */
const candidates = (
  of: readonly (readonly [gain: number, params: number, ms: number])[],
): MeasuredCandidate[] => {
  const normal = normalSource(1);
  const model = { seedSpread: 0.01, gains: of.map(([gain]) => gain) };
  return simulateCorrect(normal, model, { seeds: 4, images: 1000 }).map((correct, i) => {
    const [, params = 0, ms = 0] = of[i] ?? [];
    if (!template) throw new Error('no candidate');
    const { costs } = template;
    return {
      name: 'abcd'.charAt(i),
      correct,
      record: { costs: { ...costs, deploy: { ...costs.deploy, params } } },
      roundMs: Array.from({ length: 6 }, () => [ms * (1 + 0.001 * normal())]),
    };
  });
};

const fronts = (of: readonly MeasuredCandidate[]): readonly ParetoFront[] =>
  analyse(measuredRun({ candidates: of })).groups[0]?.fronts ?? [];

const points = (of: readonly MeasuredCandidate[], cost: ParetoFront['cost']) =>
  fronts(of).find((front) => front.cost === cost)?.points ?? [];

describe('Pareto fronts', () => {
  const clear = candidates([
    [0, 100, 5],
    [0.8, 200, 5],
    [0, 200, 9],
  ]);

  it('are all but certain where nothing is close', () => {
    expect(points(clear, 'params')).toEqual([
      { candidate: 'a', onFront: true, probability: 1 },
      { candidate: 'b', onFront: true, probability: expect.closeTo(1, 2) },
      { candidate: 'c', onFront: false, probability: expect.closeTo(0, 2) },
    ]);
  });

  it('tell how sure they are where two are close', () => {
    const close = points(
      candidates([
        [0, 100, 5],
        [0, 200, 5],
      ]),
      'params',
    );
    expect(close[0]?.probability).toBe(1);
    expect(close[1]?.probability).toBeGreaterThan(0.01);
    expect(close[1]?.probability).toBeLessThan(0.99);
  });

  it('count the noise of latency', () => {
    const [a, b, c] = points(clear, 'latency');
    expect(b).toMatchObject({ onFront: true, probability: expect.closeTo(1, 2) });
    expect(c).toMatchObject({ onFront: false, probability: expect.closeTo(0, 2) });
    expect(a?.probability).toBeGreaterThan(0);
    expect(a?.probability).toBeLessThan(1);
  });

  it('leave out what was not measured, and whole fronts of fewer than two', () => {
    const untimed = clear.map(({ roundMs: _, ...candidate }) => candidate);
    expect(fronts(untimed).map(({ cost }) => cost)).toEqual(['params', 'macs', 'peak-memory']);
    const untrained = clear.map(({ correct: _, ...candidate }, i) =>
      i === 2 ? candidate : (clear[i] ?? candidate),
    );
    expect(points(untrained, 'latency').map(({ candidate }) => candidate)).toEqual(['a', 'b']);
    expect(fronts(clear.slice(0, 1))).toEqual([]);
  });
});
