/**
 * An analysis made by hand from a run: plain means and made-up widths, and every kind of verdict. For reports, which must show
 * whatever an analysis says; what it should say is tested elsewhere.
 */
import type {
  Analysis,
  CandidateSummary,
  ClaimAnswer,
  ComparableGroup,
  Comparison,
  Estimate,
  FactorEffect,
  Int8Analysis,
  ParetoFront,
  Place,
  Verdict,
} from '../../harness/analysis/analysis.js';
import { METRICS, type Metric } from '../../harness/analysis/metrics.js';
import { BUDGET_METRICS, type BudgetMetric } from '../../results/plan/budget-metrics.js';
import { countedCost } from '../../results/plan/counted-cost.js';
import type { Run } from '../../results/run/run.js';
import type { Int8Setting } from '../../results/training/int8.js';

export const analysisFixture = (run: Run): Analysis => {
  const candidates = run.plan.candidates.map((candidate) => summaryOf(run, candidate));
  const groups = (['lightnet', 'network'] as const).flatMap((group) => {
    const members = candidates.filter(({ candidate }) => candidate.group === group);
    return members.length === 0 ? [] : [groupOf(group, members)];
  });
  const [first, second] = groups.map((group) => group.candidates[0] ?? '');
  return {
    candidates,
    groups,
    notComparable:
      first === undefined || second === undefined
        ? []
        : [
            {
              candidates: [first, second],
              differences: [
                'network around the blocks: 0c1d2e3f and aa11bb22',
                'one is a block in the common skeleton, the other a network of its own',
              ],
            },
          ],
    claims: claimsOf(groups),
    latencyNoiseFloor: 0.008,
    devices: [],
    int8:
      run.plan.conditions.int8 === undefined ? null : int8Of(run.plan.conditions.int8, candidates, groups),
    orderChanges: [],
    cautions: [
      { kind: 'few-seeds', seeds: 2, recommended: 3 },
      { kind: 'machine', warning: { kind: 'governor', governor: 'powersave' } },
    ],
  };
};

/** Every other candidate loses something, and the first two of a group change their order. */
const int8Of = (
  setting: Int8Setting,
  candidates: readonly CandidateSummary[],
  groups: readonly ComparableGroup[],
): Int8Analysis => ({
  setting,
  candidates: candidates.map(({ candidate, top1, latencyMs }, i) => {
    const loss = i % 2 === 0 ? 0.0004 : 0.013;
    return {
      candidate: candidate.name,
      top1: top1 && around(top1.value - loss, 0.007),
      drop: top1 && around(loss, 0.002),
      latencyMs,
      speedUp: null,
      weightBytes: 1000,
      floatOperations: [],
    };
  }),
  groups: groups.map(({ fronts }) => ({ comparisons: [], fronts })),
  orderChanges: groups.flatMap(({ candidates: [reference, candidate] }) =>
    reference === undefined || candidate === undefined ? [] : [{ candidate, reference }],
  ),
  latencyNoiseFloor: null,
  sums: 'exact',
});

const summaryOf = (run: Run, candidate: CandidateSummary['candidate']): CandidateSummary => {
  const trials = run.trials.filter((trial) => trial.candidate === candidate.name);
  const top1 = trials.flatMap((trial) => (trial.state === 'done' ? [trial.result.testTop1] : []));
  const latency = run.latency.get(candidate.name);
  const count = (state: string) => trials.filter((trial) => trial.state === state).length;
  return {
    candidate,
    seeds: { done: count('done'), failed: count('failed'), pending: count('pending') },
    top1: top1.length === 0 ? null : around(mean(top1), top1.length < 2 ? null : 0.021 / top1.length),
    latencyMs:
      latency?.state === 'done'
        ? { value: latency.result.medianMs, interval: latency.result.interval95Ms }
        : null,
  };
};

const groupOf = (group: ComparableGroup['group'], members: readonly CandidateSummary[]): ComparableGroup => {
  const comparisons = METRICS.flatMap((metric) =>
    members.flatMap((a, index) => members.slice(index + 1).flatMap((b) => compare(metric, a, b))),
  );
  return {
    group,
    candidates: members.map(({ candidate }) => candidate.name),
    comparisons,
    effects: effectsOf(members),
    fronts: BUDGET_METRICS.map((cost) => frontOf(cost, members)),
    rankings: {
      top1: ranking('top1', members, comparisons),
      latency: ranking('latency', members, comparisons),
      params: ranking('params', members, comparisons),
      macs: ranking('macs', members, comparisons),
      flops: ranking('flops', members, comparisons),
      'peak-memory': ranking('peak-memory', members, comparisons),
    },
  };
};

/** Supported, undecided, and one that nobody can answer. */
const claimsOf = (groups: readonly ComparableGroup[]): ClaimAnswer[] => [
  ...groups.flatMap(({ comparisons }) =>
    comparisons
      .filter(({ metric, verdict }) => metric === 'top1' && verdict.state !== 'tie')
      .slice(0, 5)
      .map((comparison): ClaimAnswer => {
        const { candidate, reference, verdict } = comparison;
        const state = verdict.state === 'undecided' ? 'undecided' : 'supported';
        return {
          state,
          claim: `accuracy(${candidate}) ${verdict.state === 'worse' ? '<' : '>'} accuracy(${reference})`,
          comparison,
        };
      }),
  ),
  {
    state: 'not-answerable',
    claim: 'accuracy(<b>nobody</b>) > accuracy(repso)',
    reason: 'The claim names <b>nobody</b>, which is no candidate.',
  },
];

/** Of the factors that the candidates state: each alone, and the first two together. */
const effectsOf = (members: readonly CandidateSummary[]): FactorEffect[] => {
  const factors = [...new Set(members.flatMap(({ candidate }) => Object.keys(candidate.factors ?? {})))];
  const of = factors.map((factor) => ({ factor, level: 'depthwise', reference: 'identity' }));
  const terms = [...of.map((one) => [one]), ...(of.length < 2 ? [] : [of.slice(0, 2)])];
  return (['top1', 'latency'] as const).flatMap((metric) =>
    terms.map((term, index): FactorEffect => {
      const effect = index === 0 ? 0.031 : index === 1 ? 0.0005 : -0.006;
      const state = (['better', 'tie'] as const)[index];
      return {
        metric,
        of: term,
        effect,
        interval: [effect - 0.008, effect + 0.008],
        threshold: THRESHOLDS[metric],
        verdict: state ? { state } : { state: 'undecided', needed: { unit: 'seeds', count: 12 } },
      };
    }),
  );
};

const frontOf = (cost: ParetoFront['cost'], members: readonly CandidateSummary[]): ParetoFront => {
  const points = members.flatMap((member) => {
    const [gain, price] = [member.top1, estimateOf(cost, member)];
    return gain === null || price === null
      ? []
      : [{ candidate: member.candidate.name, gain: gain.value, price: price.value }];
  });
  return {
    cost,
    points: points.map(({ candidate, gain, price }) => {
      const onFront = !points.some((other) => other.gain > gain && other.price < price);
      return { candidate, onFront, probability: onFront ? 0.87 : 0.12 };
    }),
  };
};

const THRESHOLDS: Record<Metric, number> = {
  top1: 0.002,
  latency: 0.01,
  params: 0,
  macs: 0,
  flops: 0,
  'peak-memory': 0,
};

const estimateOf = (
  metric: Metric | BudgetMetric,
  { candidate, top1, latencyMs }: CandidateSummary,
): Estimate | null => {
  if (metric === 'top1') return top1;
  if (metric === 'latency') return latencyMs;
  if (metric === 'peak-memory') {
    const value = countedCost(candidate.costs.deploy, metric);
    return value === null ? null : { value, interval: null };
  }
  return { value: candidate.costs.deploy[metric], interval: null };
};

const compare = (metric: Metric, a: CandidateSummary, b: CandidateSummary): Comparison[] => {
  const [left, right] = [estimateOf(metric, a), estimateOf(metric, b)];
  if (left === null || right === null) return [];
  const effect = metric === 'top1' ? left.value - right.value : left.value / right.value - 1;
  const width = {
    top1: left.interval && 0.011,
    latency: 0.012,
    params: null,
    macs: null,
    flops: null,
    'peak-memory': null,
  }[metric];
  const interval = width === null ? null : ([effect - width, effect + width] as const);
  const threshold = THRESHOLDS[metric];
  const verdict = verdictOf(
    metric === 'top1' ? effect : -effect,
    width ?? (metric === 'top1' ? 1 : 0),
    threshold,
  );
  return [
    {
      metric,
      candidate: a.candidate.name,
      reference: b.candidate.name,
      effect,
      interval,
      threshold,
      verdict,
    },
  ];
};

/** Half of what is near nothing is called a tie, so that there are ties and undecided pairs. */
const verdictOf = (gain: number, width: number, threshold: number): Verdict => {
  if (gain - width > threshold) return { state: 'better' };
  if (gain + width < -threshold) return { state: 'worse' };
  if (Math.abs(gain) <= 1.5 * threshold) return { state: 'tie' };
  const count = Math.ceil((3 * width * width) / (gain * gain));
  return {
    state: 'undecided',
    needed: count > 40 ? null : { unit: threshold < 0.01 ? 'seeds' : 'rounds', count: count + 3 },
  };
};

const ranking = (
  metric: Metric,
  members: readonly CandidateSummary[],
  comparisons: readonly Comparison[],
): Place[] => {
  const ofMetric = comparisons.filter((comparison) => comparison.metric === metric);
  return members
    .filter((member) => estimateOf(metric, member) !== null)
    .map(({ candidate: { name } }) => ({
      candidate: name,
      rank:
        1 +
        ofMetric.filter(
          ({ candidate, reference, verdict }) =>
            (candidate === name && verdict.state === 'worse') ||
            (reference === name && verdict.state === 'better'),
        ).length,
      notSeparatedFrom: ofMetric.flatMap(({ candidate, reference, verdict }) =>
        (verdict.state === 'tie' || verdict.state === 'undecided') &&
        (candidate === name || reference === name)
          ? [candidate === name ? reference : candidate]
          : [],
      ),
    }))
    .toSorted((a, b) => a.rank - b.rank);
};

const around = (value: number, width: number | null): Estimate => ({
  value,
  interval: width === null ? null : [value - width, value + width],
});

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;
