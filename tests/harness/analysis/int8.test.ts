import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import type { Int8Metric } from '../../../harness/analysis/metrics.js';
import { type MeasuredCandidate, measuredRun } from '../../support/measured-run.js';
import { seededRandom } from '../../support/random.js';
import { normalSource, simulateCorrect } from '../../support/simulation.js';

const IMAGES = 4000;
const SEEDS = 3;

/** Networks of one accuracy, each of which loses this share of the images that it gets right. */
const quantised = (losses: readonly number[], seed = 5): readonly MeasuredCandidate[] => {
  const random = seededRandom(seed);
  const rows = simulateCorrect(
    normalSource(seed),
    { seedSpread: 0.02, gains: losses.map(() => 0) },
    { seeds: SEEDS, images: IMAGES },
  );
  return losses.map((loss, i) => {
    const correct = rows[i] ?? [];
    const roundMs = [1, 2, 3].map(() => Array.from({ length: 8 }, () => 1 + 0.01 * random()));
    return {
      name: `n${i}`,
      correct,
      roundMs,
      int8: {
        correct: correct.map((row) => row.map((bit) => (bit === 1 && random() < loss ? 0 : bit))),
        roundMs: roundMs.map((session) => session.map((ms) => ms / 2)),
      },
    };
  });
};

const comparisonOn = (metric: Int8Metric, candidates: readonly MeasuredCandidate[]) =>
  analyse(measuredRun({ candidates })).int8?.groups[0]?.comparisons.find((one) => one.metric === metric);

describe('the analysis of int8', () => {
  it('is none where nothing was quantised', () => {
    const candidates = quantised([0, 0]).map(({ int8: _, ...one }) => one);
    expect(analyse(measuredRun({ candidates })).int8).toBeNull();
  });

  it('gives the drop as the difference of the two accuracies, within an interval that pairing makes narrow', () => {
    const candidates = quantised([0.004, 0.004]);
    const { int8, candidates: float } = analyse(measuredRun({ candidates }));
    const [first] = int8?.candidates ?? [];
    const [low = 0, high = 0] = first?.drop?.interval ?? [];
    expect(first?.drop?.value).toBeCloseTo((float[0]?.top1?.value ?? 0) - (first?.top1?.value ?? 0), 10);
    expect(low).toBeLessThan(first?.drop?.value ?? 0);
    expect(high).toBeGreaterThan(first?.drop?.value ?? 0);
    const [least = 0, most = 0] = float[0]?.top1?.interval ?? [];
    expect(high - low).toBeLessThan((most - least) / 3);
  });

  it('tells who loses more, where accuracies alone do not', () => {
    const candidates = quantised([0, 0.02]);
    expect(comparisonOn('drop-int8', candidates)).toMatchObject({
      candidate: 'n1',
      verdict: { state: 'worse' },
    });
    expect(comparisonOn('drop-int8', candidates)?.effect).toBeGreaterThan(0.01);
    expect(comparisonOn('top1-int8', candidates)?.verdict.state).not.toBe('better');
  });

  it('calls equal losses a tie or leaves them open, never better or worse', () => {
    for (let seed = 1; seed <= 8; seed += 1) {
      const state = comparisonOn('drop-int8', quantised([0.005, 0.005], seed))?.verdict.state;
      expect(['tie', 'undecided']).toContain(state);
    }
  });

  it('answers claims on accuracy, drop and latency in int8', () => {
    const claims = [
      'drop.int8(n0) < drop.int8(n1)',
      'drop.int8(n1) <= drop.int8(n0)',
      'latency.int8(n0) = latency.int8(n1)',
    ];
    const answers = analyse(measuredRun({ candidates: quantised([0, 0.03]), claims })).claims;
    expect(answers.map(({ state }) => state)).toEqual(['supported', 'contradicted', 'supported']);
  });

  it('finds the pair whose order int8 turns round', () => {
    const [first, second] = quantised([0.06, 0]);
    if (!first || !second) throw new Error('the networks are lost');
    const worse = second.correct?.map((row) =>
      Uint8Array.from(row ?? [], (bit, i) => (i % 40 === 0 ? 0 : bit)),
    );
    const candidates = [first, { ...second, correct: worse ?? [], int8: { correct: worse ?? [] } }];
    expect(analyse(measuredRun({ candidates })).int8?.orderChanges).toEqual([
      { candidate: 'n1', reference: 'n0' },
    ]);
  });

  it('has Pareto fronts of its own: of equal networks, the one that loses nothing is on all', () => {
    const { int8 } = analyse(measuredRun({ candidates: quantised([0.06, 0]) }));
    const fronts = int8?.groups[0]?.fronts ?? [];
    expect(fronts.map(({ cost }) => cost)).toEqual(expect.arrayContaining(['params', 'macs', 'latency']));
    for (const { points } of fronts.filter(({ cost }) => cost !== 'latency')) {
      const [loser, other] = points;
      expect([loser?.onFront, other?.onFront]).toEqual([false, true]);
      expect(other?.probability).toBeGreaterThan(0.99);
    }
  });

  it('gives the speed-up by pairing rounds', () => {
    const { int8 } = analyse(measuredRun({ candidates: quantised([0, 0]) }));
    expect(int8?.candidates[0]?.speedUp?.value).toBeCloseTo(2, 6);
  });
});
