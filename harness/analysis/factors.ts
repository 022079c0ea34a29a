/** What the factors of a factorial suite do, each by itself and two together. */
import type { CandidateRecord } from '../../results/plan/candidate.js';
import type { FactorEffect, FactorLevel } from './analysis.js';
import { type Accuracies, judgeAccuracies, placed } from './evidence/accuracy.js';
import { type Evidence, judge, showEffect, type Weights } from './evidence/evidence.js';

/** Factors with two levels or more, each with its levels in the order of the plan; the first is the reference. */
export type Design = ReadonlyMap<string, readonly string[]>;

export type DesignState =
  | { readonly state: 'none' }
  | { readonly state: 'full'; readonly design: Design }
  /** Some combinations have no candidate, or several. */
  | { readonly state: 'incomplete'; readonly candidates: number; readonly combinations: number };

/** Whether the candidates that state factors are one for every combination of levels. */
export const designOf = (group: readonly CandidateRecord[]): DesignState => {
  const cells = cellsOf(group);
  const levels = new Map<string, string[]>();
  for (const { factors } of cells) {
    for (const [factor, level] of Object.entries(factors)) {
      const known = levels.get(factor) ?? [];
      levels.set(factor, known.includes(level) ? known : [...known, level]);
    }
  }
  const design: Design = new Map([...levels].filter(([, known]) => known.length > 1));
  if (design.size === 0) return { state: 'none' };
  const wanted = [...design.values()].reduce((product, { length }) => product * length, 1);
  const found = new Set(
    cells.map(({ factors }) => JSON.stringify([...design.keys()].map((factor) => factors[factor]))),
  );
  if (found.size === wanted && cells.length === wanted) return { state: 'full', design };
  return { state: 'incomplete', candidates: cells.length, combinations: wanted };
};

/** Main effects and interactions of every two factors on latency, judged as one family; those of which a candidate was not measured are left out. */
export const latencyEffects = (
  evidence: Evidence,
  group: readonly CandidateRecord[],
  design: Design,
): readonly FactorEffect[] => {
  const known = termsOf(group, design).flatMap(({ of, weights }) => {
    const inference = evidence.contrast(weights);
    return inference === null ? [] : [{ of, inference }];
  });
  return judge(
    evidence,
    known.map(({ inference }) => inference),
  ).map((judgement, k) => ({
    metric: evidence.metric,
    of: known[k]?.of ?? [],
    ...showEffect(evidence, judgement),
  }));
};

/** The same on top-1. */
export const accuracyEffects = (
  accuracies: Accuracies,
  group: readonly CandidateRecord[],
  design: Design,
): readonly FactorEffect[] => {
  const known = termsOf(group, design).flatMap(({ of, weights }) => {
    const contrast = placed(accuracies, weights);
    return contrast === null ? [] : [{ of, contrast }];
  });
  return judgeAccuracies(
    accuracies,
    known.map(({ contrast }) => contrast),
  ).map(({ effect, interval, threshold, verdict }, k) => ({
    metric: 'top1',
    of: known[k]?.of ?? [],
    effect,
    interval,
    threshold,
    verdict,
  }));
};

const termsOf = (group: readonly CandidateRecord[], design: Design) => {
  const cells = cellsOf(group);
  return [...mainEffects(design), ...interactions(design)].map((of) => ({
    of,
    weights: weightsOf(cells, of),
  }));
};

interface Cell {
  readonly name: string;
  readonly factors: Readonly<Record<string, string>>;
}

const cellsOf = (group: readonly CandidateRecord[]): readonly Cell[] =>
  group.flatMap(({ name, factors }) => (factors === undefined ? [] : [{ name, factors }]));

const mainEffects = (design: Design): readonly (readonly FactorLevel[])[] =>
  [...design].flatMap(([factor, [reference = '', ...levels]]) =>
    levels.map((level) => [{ factor, level, reference }]),
  );

const interactions = (design: Design): readonly (readonly FactorLevel[])[] => {
  const single = mainEffects(design).flat();
  return single.flatMap((one, i) =>
    single.slice(i + 1).flatMap((other) => (one.factor === other.factor ? [] : [[one, other]])),
  );
};

/**
 * The product over these levels of +1 at the level, -1 at the reference and 0 elsewhere, divided by the number of combinations of all
 * other factors.
 */
const weightsOf = (cells: readonly Cell[], of: readonly FactorLevel[]): Weights => {
  const signs = cells.map(({ name, factors }) => ({
    name,
    sign: of.reduce((product, { factor, level, reference }) => {
      if (factors[factor] === level) return product;
      return factors[factor] === reference ? -product : 0;
    }, 1),
  }));
  const used = signs.filter(({ sign }) => sign !== 0);
  const combinations = used.length / 2 ** of.length;
  return new Map(used.map(({ name, sign }) => [name, sign / combinations]));
};
