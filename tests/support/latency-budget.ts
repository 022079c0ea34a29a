import type { CandidateRecord } from '../../results/plan/candidate.js';
import type { Plan } from '../../results/plan/plan.js';

const LATENCY_BUDGET: NonNullable<CandidateRecord['budget']> = {
  metric: 'latency',
  target: 0.5,
  tolerance: 0.05,
  knob: 'expansion',
  value: 2,
  residual: -0.0125,
  residualInterval95: [-0.02, -0.005],
};

/** Every candidate has met a budget that was measured. */
export const withLatencyBudget = (plan: Plan): Plan => ({
  ...plan,
  candidates: plan.candidates.map((candidate) => ({ ...candidate, budget: LATENCY_BUDGET })),
});
