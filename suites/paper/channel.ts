import { type CandidateSpec, defineScaledSuite, type Scale } from '../suite.js';
import { expansions, SETTINGS } from './setting.js';

const OPERATORS: Readonly<Record<string, string>> = {
  grouped: 'grouped(groups=8)',
  'shuffled groups': 'shuffled(groups=8)',
  IGC: 'igc',
  'low rank': 'low-rank(reduction=8)',
  ghost: 'ghost(ratio=4)',
  'SF Conv': 'sf',
  RefCO: 'refco',
};

/**
 * Which sparse channel operator replaces the dense pointwise convolution best? The paper: RefCO; the full receptive range matters.
 *
 * In one skeleton a dense block spends this budget below an expansion of 1, and a channel-wise one three times the multiply-adds: dense
 * stands in a narrower LightNet of the same parameters and multiply-adds, channel-wise is left out.
 */
export const channel = defineScaledSuite(
  'paper/channel',
  'Which sparse channel operator makes the most of its parameters and multiply-adds?',
  (scale) => ({
    title: 'Channel operators in the Meta Light Block, at equal parameters and multiply-adds',
    ...SETTINGS[scale],
    budget:
      scale === 'small'
        ? [
            { metric: 'params', target: 83_000, tolerance: 0.015 },
            { metric: 'macs', target: 1_125_000, tolerance: 0.1 },
          ]
        : { metric: 'params', target: 2_000_000, tolerance: 0.01 },
    claims: [
      'accuracy(RefCO) > accuracy(SF Conv)',
      'accuracy(SF Conv) > accuracy(grouped)',
      'accuracy(shuffled groups) > accuracy(grouped)',
      ...(scale === 'small' ? [`accuracy(RefCO) > accuracy(${DENSE.name})`] : []),
    ],
    candidates: [...Object.entries(OPERATORS).map(sparse(scale)), ...(scale === 'small' ? [DENSE] : [])],
  }),
);

const sparse =
  (scale: Scale) =>
  ([name, operator]: readonly [string, string]): CandidateSpec => ({
    name,
    block: `meta-light(expand=${operator},project=${operator})`,
    knob: expansions(scale),
  });

const DENSE = {
  name: 'dense in a narrower LightNet',
  network: {
    id: 'lightnet',
    set: {
      preset: 'small',
      width: 1.125,
      headWidth: 48,
      block: { id: 'meta-light', set: { expansion: 11 / 3 } },
    },
  },
} as const;
