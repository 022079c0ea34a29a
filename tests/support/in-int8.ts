import type { Plan } from '../../results/plan/plan.js';

/** The same plan, whose networks are quantised too. */
export const inInt8 = (plan: Plan): Plan => ({
  ...plan,
  conditions: {
    ...plan.conditions,
    int8: { calibration: 'min-max', images: 256, weights: 'per-tensor' },
  },
});
