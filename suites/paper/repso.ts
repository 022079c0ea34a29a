import { defineScaledSuite } from '../suite.js';
import { expansions, NARROW, SETTINGS } from './setting.js';

const VARIANTS: Readonly<Record<string, string>> = {
  depthwise: 'depthwise',
  'depthwise 5x5': 'depthwise(kernel=5)',
  'RepSO, N=1': 'repso(branches=1)',
  'RepSO, N=2': 'repso(branches=2)',
  'RepSO, N=3': 'repso',
  'RepSO, N=4': 'repso(branches=4)',
  'RepSO without 1x3 and 3x1': 'repso(row=false,column=false)',
  'RepSO without 1x1': 'repso(point=false)',
  'RepSO without identity': 'repso(identity=false)',
  'RepSO 5x5': 'repso(kernel=5)',
};

/** Which branches of RepSO are worth training? The paper: seven, with 3x3 kernels. */
export const repso = defineScaledSuite(
  'paper/repso',
  'Which branches should a re-parameterised spatial operator have in training, and how large a kernel?',
  (scale) => ({
    title: 'RepSO: branches and kernel size in the Meta Light Block',
    ...SETTINGS[scale],
    skeleton: NARROW[scale],
    budget:
      scale === 'small'
        ? [
            { metric: 'params', target: 120_000, tolerance: 0.01 },
            { metric: 'macs', target: 1_680_000, tolerance: 0.05 },
          ]
        : { metric: 'params', target: 2_600_000, tolerance: 0.02 },
    claims: [
      'accuracy(RepSO, N=3) > accuracy(depthwise)',
      'accuracy(RepSO, N=3) > accuracy(RepSO, N=1)',
      'accuracy(RepSO, N=3) > accuracy(RepSO without 1x3 and 3x1)',
      'accuracy(RepSO, N=3) > accuracy(RepSO 5x5)',
    ],
    candidates: Object.entries(VARIANTS).map(([name, spatial]) => ({
      name,
      block: `meta-light(spatial=${spatial})`,
      knob: expansions(scale),
    })),
  }),
);
