import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import type { Analysis, Comparison } from '../../../harness/analysis/analysis.js';
import type { Metric } from '../../../harness/analysis/metrics.js';
import { UserError } from '../../../harness/user/user-error.js';
import type { CandidateRecord } from '../../../results/plan/candidate.js';
import type { Run } from '../../../results/run/run.js';
import { latencyMeasurement } from '../../support/latency-measurement.js';
import { type MeasuredCandidate, measuredRun } from '../../support/measured-run.js';
import { seededRandom } from '../../support/random.js';
import { runFixture } from '../../support/run-fixture.js';
import { normalSource, simulateCorrect, simulateRounds } from '../../support/simulation.js';

const IMAGES = 2000;

/** Networks better than the first by these gains, on images and seeds of their own. */
const networks = (gains: readonly number[], seeds = 5): readonly MeasuredCandidate[] =>
  simulateCorrect(normalSource(1), { seedSpread: 0.01, gains }, { seeds, images: IMAGES }).map(
    (correct, i) => ({
      name: 'abcdef'.charAt(i),
      correct,
    }),
  );

/** Times around a mean, with noise of a thousandth between sessions and rounds. */
const rounds = (meanMs: number, seed: number, sessions = 6): number[][] => {
  const normal = normalSource(seed);
  return Array.from({ length: sessions }, () => {
    const session = meanMs * (1 + 0.001 * normal());
    return Array.from({ length: 5 }, () => session * (1 + 0.001 * normal()));
  });
};

const comparison = (
  { groups }: Analysis,
  metric: Metric,
  candidate: string,
  reference: string,
): Comparison => {
  const found = groups
    .flatMap(({ comparisons }) => comparisons)
    .find((one) => one.metric === metric && one.candidate === candidate && one.reference === reference);
  if (!found) throw new Error(`no comparison of ${candidate} with ${reference} on ${metric}`);
  return found;
};

const ranking = ({ groups }: Analysis, metric: Metric): string =>
  (groups[0]?.rankings[metric] ?? []).map(({ rank, candidate }) => `${rank} ${candidate}`).join(', ');

describe('analyse', () => {
  it('finds differences of accuracy, and ranks by what is decided', () => {
    const analysis = analyse(measuredRun({ candidates: networks([0, 0.6, 0]) }));
    expect(comparison(analysis, 'top1', 'b', 'a').verdict).toEqual({ state: 'better' });
    expect(comparison(analysis, 'top1', 'c', 'b').verdict).toEqual({ state: 'worse' });
    expect(comparison(analysis, 'top1', 'c', 'a').verdict.state).toBe('undecided');
    const places = analysis.groups[0]?.rankings.top1 ?? [];
    expect(places.map(({ rank }) => rank)).toEqual([1, 2, 2]);
    expect(places[0]).toEqual({ candidate: 'b', rank: 1, notSeparatedFrom: [] });
    expect(places.find(({ candidate }) => candidate === 'a')?.notSeparatedFrom).toEqual(['c']);
  });

  it('estimates accuracies as the mean over seeds, within the interval and between 0 and 1', () => {
    const analysis = analyse(
      measuredRun({
        candidates: [
          {
            name: 'a',
            correct: [
              [1, 1, 0, 1],
              [1, 1, 1, 1],
            ],
          },
        ],
      }),
    );
    const { top1 } = analysis.candidates[0] ?? {};
    expect(top1?.value).toBe(7 / 8);
    expect(top1?.interval?.[0]).toBeGreaterThanOrEqual(0);
    expect(top1?.interval?.[1]).toBe(1);
  });

  it('finds latencies faster, slower and tied, as ratios', () => {
    const analysis = analyse(
      measuredRun({
        candidates: [
          { name: 'a', roundMs: rounds(10, 1) },
          { name: 'b', roundMs: rounds(11, 2) },
          { name: 'c', roundMs: rounds(10.01, 3) },
        ],
        control: rounds(10, 4),
      }),
    );
    const slower = comparison(analysis, 'latency', 'b', 'a');
    expect(slower.verdict).toEqual({ state: 'worse' });
    expect(slower.effect).toBeCloseTo(0.1, 2);
    expect(slower.threshold).toBeCloseTo(0.01, 12);
    expect(comparison(analysis, 'latency', 'c', 'b').verdict).toEqual({ state: 'better' });
    expect(comparison(analysis, 'latency', 'c', 'a').verdict).toEqual({ state: 'tie' });
    expect(analysis.latencyNoiseFloor).toBeLessThan(0.01);
    expect(
      ranking(analysis, 'latency')
        .split(', ')
        .map((place) => place.charAt(0)),
    ).toEqual(['1', '1', '3']);
  });

  it('calls nothing different that differs no more than a network seems to from itself, and nothing a tie for that', () => {
    const candidates = [
      { name: 'a', roundMs: rounds(10, 1) },
      { name: 'b', roundMs: rounds(10.5, 2) },
    ];
    const quiet = analyse(measuredRun({ candidates, control: rounds(10, 3) }));
    expect(comparison(quiet, 'latency', 'b', 'a').verdict).toEqual({ state: 'worse' });
    const noisy = analyse(measuredRun({ candidates, control: rounds(10.7, 3) }));
    expect(noisy.latencyNoiseFloor).toBeGreaterThan(0.06);
    expect(comparison(noisy, 'latency', 'b', 'a').verdict.state).toBe('undecided');
    expect(noisy.cautions).toContainEqual({
      kind: 'noise-floor',
      floor: expect.closeTo(0.065, 1),
      threshold: 0.01,
    });
  });

  it('asks more of latencies that were looked at early, and tells what disturbed them', () => {
    const candidates = [
      { name: 'a', roundMs: rounds(10, 1) },
      { name: 'b', roundMs: rounds(10.5, 2) },
    ];
    const run = measuredRun({ candidates, control: rounds(10, 3) });
    const warnings = ['Other programs ran.'];
    const looked = analyse({ ...run, latencyMeasurement: latencyMeasurement({ warnings }) });
    const width = ({ interval }: Comparison): number => (interval ? interval[1] - interval[0] : 0);
    const pair = (analysis: Analysis) => width(comparison(analysis, 'latency', 'b', 'a'));
    expect(pair(looked)).toBeGreaterThan(pair(analyse(run)));
    expect(looked.cautions).toContainEqual({ kind: 'machine', warning: 'Other programs ran.' });
  });

  it('decides nothing from one seed, and says so', () => {
    const analysis = analyse(measuredRun({ candidates: networks([0, 1.5], 1) }));
    expect(comparison(analysis, 'top1', 'b', 'a').verdict).toEqual({
      state: 'undecided',
      needed: { unit: 'seeds', count: 3, isLeast: true },
    });
    expect(analysis.cautions).toContainEqual({ kind: 'one-seed', recommended: 3 });
  });

  it('recommends 3 seeds where there are 2, and is content with 3', () => {
    const cautions = (seeds: number) =>
      analyse(measuredRun({ candidates: networks([0, 0], seeds) })).cautions;
    expect(cautions(2)).toContainEqual({ kind: 'few-seeds', seeds: 2, recommended: 3 });
    expect(cautions(3).map(({ kind }) => kind)).not.toContain('few-seeds');
  });

  it('decides nothing from one session, and says so', () => {
    const candidates = [
      { name: 'a', roundMs: rounds(10, 1, 1) },
      { name: 'b', roundMs: rounds(20, 2, 1) },
    ];
    const analysis = analyse(measuredRun({ candidates, control: rounds(10, 3, 1) }));
    expect(comparison(analysis, 'latency', 'b', 'a').verdict).toEqual({ state: 'undecided', needed: null });
    expect(analysis.cautions).toContainEqual({ kind: 'one-session', recommended: 4 });
  });

  it('recommends 4 sessions where there are 2, and is content with 3', () => {
    const cautions = (sessions: number) =>
      analyse(measuredRun({ candidates: [{ name: 'a', roundMs: rounds(10, 1, sessions) }] })).cautions;
    expect(cautions(2)).toContainEqual({ kind: 'few-sessions', sessions: 2, recommended: 4 });
    // Three may be all, where every pair was decided by then.
    expect(cautions(3).map(({ kind }) => kind)).not.toContain('few-sessions');
  });

  it('names all candidates of one network in one caution', () => {
    const same = (name: string) => ({ name, record: { fingerprint: 'one' } });
    const { cautions } = analyse(
      measuredRun({ candidates: [same('a'), same('b'), { name: 'd' }, same('c')] }),
    );
    expect(cautions.filter(({ kind }) => kind === 'same-network')).toEqual([
      { kind: 'same-network', candidates: ['a', 'b', 'c'] },
    ]);
  });

  it('compares on whatever seeds each has, and names the failures', () => {
    const [a, b] = networks([0, 0.6]);
    const half = { name: 'b', correct: (b?.correct ?? []).map((row, seed) => (seed < 2 ? null : row)) };
    const analysis = analyse(measuredRun({ candidates: [a ?? half, half] }));
    const whole = analyse(measuredRun({ candidates: [a ?? half, b ?? half] }));
    const found = comparison(analysis, 'top1', 'b', 'a');
    const [ofA, ofB] = analysis.candidates.map(({ top1 }) => top1?.value ?? Number.NaN);
    expect(found.effect).toBeCloseTo((ofB ?? 0) - (ofA ?? 0), 12);
    expect(found.verdict).toEqual({ state: 'better' });
    const width = ({ interval }: Comparison): number => (interval ? interval[1] - interval[0] : 0);
    expect(width(found)).toBeGreaterThan(width(comparison(whole, 'top1', 'b', 'a')));
    expect(analysis.candidates[1]?.seeds).toEqual({ done: 3, failed: 2, pending: 0 });
    expect(analysis.cautions).toContainEqual({
      kind: 'trials-failed',
      trials: [0, 1].map((seed) => ({ candidate: 'b', seed })),
      of: 10,
    });
  });

  it('decides nothing about a candidate that has one seed, where others have more', () => {
    const [a, b, c] = networks([0, 0.6, 0.6]);
    const once = { name: 'b', correct: (b?.correct ?? []).slice(0, 1) };
    const analysis = analyse(measuredRun({ candidates: [a ?? once, once, c ?? once] }));
    expect(comparison(analysis, 'top1', 'b', 'a').verdict).toEqual({
      state: 'undecided',
      needed: { unit: 'seeds', count: 3, isLeast: true },
    });
    expect(comparison(analysis, 'top1', 'c', 'a').verdict).toEqual({ state: 'better' });
  });

  it('gives no interval that reaches beyond what accuracies can be', () => {
    const correct = (hits: number) => Uint8Array.from({ length: 20 }, (_, i) => (i < hits ? 1 : 0));
    const analysis = analyse(
      measuredRun({
        candidates: [
          { name: 'a', correct: [correct(1), correct(19)] },
          { name: 'b', correct: [correct(18), correct(2)] },
        ],
      }),
    );
    expect(comparison(analysis, 'top1', 'b', 'a').interval).toEqual([-1, 1]);
    expect(analysis.candidates[0]?.top1?.interval).toEqual([0, 1]);
  });

  it('keeps what an early look has decided, and says which', () => {
    const candidates = networks([0, 0.6, 0], 6);
    const run = measuredRun({ candidates });
    const first = run.plan.trials.filter(({ seed }) => seed < 3);
    const trials = [...first, ...run.plan.trials.filter(({ seed }) => seed >= 3)];
    const untilDecided = { firstSeeds: 3, maxSeeds: 6, looks: [{ trials: first.length, failed: [] }] };
    const looked = analyse({ ...run, plan: { ...run.plan, trials, untilDecided } });
    const early = analyse({
      ...measuredRun({
        candidates: networks([0, 0.6, 0], 6).map((one) => ({
          ...one,
          correct: one.correct?.slice(0, 3) ?? [],
        })),
      }),
    });
    const found = comparison(looked, 'top1', 'b', 'a');
    expect(found).toMatchObject({ verdict: { state: 'better' }, decidedAtLook: 1 });
    expect(found.effect).toBe(comparison(early, 'top1', 'b', 'a').effect);
    const open = comparison(looked, 'top1', 'c', 'a');
    expect(open.effect).toBe(comparison(analyse(run), 'top1', 'c', 'a').effect);
    expect('decidedAtLook' in open).toBe(open.verdict.state !== 'undecided');
    const { looks: _, ...older } = untilDecided;
    expect(analyse({ ...run, plan: { ...run.plan, trials, untilDecided: older } }).groups).toEqual(
      looked.groups,
    );
  });

  it('leaves out pairs of which nothing was measured', () => {
    const analysis = analyse(
      measuredRun({
        candidates: [
          { name: 'a', roundMs: rounds(1, 1) },
          { name: 'b' },
          ...networks([0]).map((one) => ({ ...one, name: 'c' })),
        ],
      }),
    );
    const measured = analysis.groups[0]?.comparisons.filter(
      ({ metric }) => metric === 'top1' || metric === 'latency',
    );
    expect(measured).toEqual([]);
    expect(ranking(analysis, 'top1')).toBe('1 c');
    expect(ranking(analysis, 'latency')).toBe('1 a');
    expect(ranking(analysis, 'params')).toBe('1 a, 1 b, 1 c');
    expect(analysis.cautions).toContainEqual({
      kind: 'latency-missing',
      candidates: ['b', 'c'].map((candidate) => ({ candidate, state: 'pending' })),
    });
  });

  it('calls one network under two names a tie by identity', () => {
    const [a, b] = networks([0, 1.5]);
    const same = { record: { fingerprint: 'same' } };
    const analysis = analyse(
      measuredRun({
        candidates: [
          { ...a, ...same, name: 'a', roundMs: rounds(10, 1) },
          { ...b, ...same, name: 'b', roundMs: rounds(20, 2) },
        ],
      }),
    );
    for (const metric of ['top1', 'latency'] as const) {
      expect(comparison(analysis, metric, 'b', 'a')).toMatchObject({
        effect: 0,
        interval: null,
        verdict: { state: 'tie' },
      });
    }
    expect(analysis.cautions).toContainEqual({ kind: 'same-network', candidates: ['a', 'b'] });
  });

  it('counts any difference of costs', () => {
    const withParams = (name: string, params: number): MeasuredCandidate => {
      const [template] = measuredRun({ candidates: [{ name }] }).plan.candidates;
      if (!template) throw new Error('no candidate');
      const { costs } = template;
      return { name, record: { costs: { ...costs, deploy: { ...costs.deploy, params } } } };
    };
    const analysis = analyse(
      measuredRun({ candidates: [withParams('a', 1000), withParams('b', 1001), withParams('c', 1000)] }),
    );
    expect(comparison(analysis, 'params', 'b', 'a')).toMatchObject({
      effect: expect.closeTo(0.001),
      verdict: { state: 'worse' },
      threshold: 0,
    });
    expect(comparison(analysis, 'params', 'c', 'a').verdict).toEqual({ state: 'tie' });
    expect(ranking(analysis, 'params')).toBe('1 a, 1 c, 3 b');
  });

  it('takes the thresholds of the plan', () => {
    const run = measuredRun({ candidates: networks([0, 0.6]) });
    const plan = { ...run.plan, thresholds: { top1: 0.9, latency: 0.01 } };
    expect(comparison(analyse(run), 'top1', 'b', 'a').verdict).not.toEqual({ state: 'tie' });
    expect(comparison(analyse({ ...run, plan }), 'top1', 'b', 'a').verdict).toEqual({ state: 'tie' });
  });

  it('refuses a record with too few test images', () => {
    const run = measuredRun({ candidates: networks([0]) });
    const { dataset } = run.plan.conditions;
    const longer: Run = {
      ...run,
      plan: {
        ...run.plan,
        conditions: { ...run.plan.conditions, dataset: { ...dataset, testImages: 5000 } },
      },
    };
    expect(() => analyse(longer)).toThrow(UserError);
  });

  it('says the same twice, and something of every state a run can be in', () => {
    const { run } = runFixture();
    const analysis = analyse(run);
    expect(analysis).toEqual(analyse(run));
    expect(analysis.groups.map(({ group }) => group)).toEqual(['lightnet', 'network']);
    expect(analysis.candidates.map(({ candidate }) => candidate)).toEqual(run.plan.candidates);
    expect(analyse(runFixture({ seeds: 1 }).run).groups).toHaveLength(2);
    expect(() => analyse({ ...run, trials: [], latency: new Map() })).not.toThrow();
  });
});

describe('comparability', () => {
  const record = (change: Partial<CandidateRecord>) => ({ record: change });
  const candidates = (): readonly MeasuredCandidate[] => {
    const [a, b, c, d, e, f] = networks([0, 0.6, 0.6, 0.6, 0.6, 0.6]);
    return [
      { ...a, name: 'a', ...record({ skeleton: 'one' }) },
      { ...b, name: 'b', ...record({ skeleton: 'two' }) },
      { ...c, name: 'c', ...record({ group: 'network', skeleton: 'three' }) },
      { ...d, name: 'd', ...record({ skeleton: 'four' }) },
      { ...e, name: 'e', ...record({ skeleton: 'one' }) },
      { ...f, name: 'f', ...record({ skeleton: 'two' }) },
    ];
  };

  it('keeps skeletons apart, and networks that are compared as a whole', () => {
    const analysis = analyse(measuredRun({ candidates: candidates() }));
    expect(analysis.groups.map((group) => group.candidates)).toEqual([
      ['a', 'e'],
      ['b', 'f'],
      ['c', 'd'],
    ]);
    const pairs = analysis.groups
      .flatMap(({ comparisons }) => comparisons)
      .map((one) => [one.candidate, one.reference].toSorted().join(''));
    expect(new Set(pairs)).toEqual(new Set(['ae', 'bf', 'cd']));
  });

  it('names every pair that is kept apart, and why', () => {
    const { notComparable } = analyse(measuredRun({ candidates: candidates() }));
    const published = 'one is a block in the common skeleton, the other a network of its own';
    expect(notComparable).toEqual(
      [
        ['a', 'b', 'network around the blocks: one and two'],
        ['a', 'c', published],
        ['a', 'd', 'network around the blocks: one and four'],
        ['a', 'f', 'network around the blocks: one and two'],
        ['b', 'c', published],
        ['b', 'd', 'network around the blocks: two and four'],
        ['b', 'e', 'network around the blocks: two and one'],
        ['c', 'e', published],
        ['c', 'f', published],
        ['d', 'e', 'network around the blocks: four and one'],
        ['d', 'f', 'network around the blocks: four and two'],
        ['e', 'f', 'network around the blocks: one and two'],
      ].map(([one, other, difference]) => ({ candidates: [one, other], differences: [difference] })),
    );
  });
});

describe('false rankings', () => {
  it('are in at most one of twenty runs of equal networks', () => {
    const [normal, random] = [normalSource(9), seededRandom(10)];
    const runs = 60;
    const ranked = { top1: 0, latency: 0 };
    for (let i = 0; i < runs; i += 1) {
      const seedSpread = 0.05 * random();
      const correct = simulateCorrect(normal, { seedSpread, gains: [0, 0, 0, 0] }, { seeds: 3, images: 300 });
      const [control, ...times] = simulateRounds(normal, random, [10, 10, 10, 10, 10], {
        sessions: 4,
        rounds: 5,
        sessionSpread: 0.005 * random(),
      });
      const candidates = correct.map((rows, c) => ({ name: `${c}`, correct: rows, roundMs: times[c] ?? [] }));
      const { groups } = analyse(measuredRun({ candidates, control: control ?? [] }));
      for (const metric of ['top1', 'latency'] as const) {
        if (groups[0]?.rankings[metric].some(({ rank }) => rank > 1)) ranked[metric] += 1;
      }
    }
    expect(ranked.top1 / runs).toBeLessThanOrEqual(0.05);
    expect(ranked.latency / runs).toBeLessThanOrEqual(0.05);
  });
});
