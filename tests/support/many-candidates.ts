import type { Plan } from '../../results/plan/plan.js';

/** The plan with this many LightNet candidates: those of the fixture and variants of them, with the same number of seeds. */
export const withCandidates =
  (count: number) =>
  (plan: Plan): Plan => {
    const originals = plan.candidates.filter(({ group }) => group === 'lightnet');
    const candidates = Array.from({ length: count }, (_, index) => {
      const original = originals[index % originals.length];
      if (original === undefined) throw new Error('the fixture lost its candidates');
      const factor = 1 + Math.floor(index / originals.length);
      const { deploy } = original.costs;
      const grown = {
        ...deploy,
        params: deploy.params * factor,
        byKind: Object.fromEntries(
          Object.entries(deploy.byKind).map(([kind, totals]) => [
            kind,
            { ...totals, params: totals.params * factor },
          ]),
        ),
      };
      return {
        ...original,
        name: index < originals.length ? original.name : `meta-light/depthwise expansion ${index}`,
        costs: { ...original.costs, deploy: grown },
      };
    });
    const seeds = [...new Set(plan.trials.map(({ seed }) => seed))];
    return {
      ...plan,
      candidates,
      trials: candidates.flatMap(({ name }, index) =>
        seeds.map((seed) => ({ key: `${plan.suite}-${index}-${seed}`, candidate: name, seed })),
      ),
    };
  };
