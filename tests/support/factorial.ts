import type { Plan } from '../../results/plan/plan.js';

/** The plan with its first four LightNet candidates as the combinations of two places that hold a depthwise convolution or nothing. */
export const asFactorial = (plan: Plan): Plan => {
  const cells = plan.candidates.filter(({ group }) => group === 'lightnet').slice(0, 4);
  const level = (present: boolean): string => (present ? 'depthwise' : 'identity');
  const candidates = cells.map((candidate, index) => ({
    ...candidate,
    factors: { S1: level(index % 2 === 1), S2: level(index >= 2) },
  }));
  const names = new Set(candidates.map(({ name }) => name));
  return { ...plan, candidates, trials: plan.trials.filter(({ candidate }) => names.has(candidate)) };
};
