import { defineScaledSuite } from '../suite.js';
import { expansions, SETTINGS } from './setting.js';

const OPERATORS: Readonly<Record<string, string>> = {
  dense: 'pointwise',
  grouped: 'grouped(groups=4)',
  'shuffled groups': 'shuffled(groups=4)',
  'channel-wise': 'channelwise',
  IGC: 'igc',
  'low rank': 'low-rank',
  'SF Conv': 'sf',
  RefCO: 'refco',
};

/** Which sparse channel operator replaces the dense pointwise convolution best? The paper: RefCO; the full receptive range matters. */
export const channel = defineScaledSuite(
  'paper/channel',
  'Which sparse channel operator makes the most of its parameters?',
  (scale) => ({
    title: 'Channel operators in the Meta Light Block, at equal parameters',
    ...SETTINGS[scale],
    budget: { metric: 'params', target: scale === 'small' ? 90_000 : 2_000_000, tolerance: 0.01 },
    claims: [
      'accuracy(RefCO) > accuracy(dense)',
      'accuracy(RefCO) > accuracy(SF Conv)',
      'accuracy(SF Conv) > accuracy(grouped)',
      'accuracy(shuffled groups) > accuracy(grouped)',
    ],
    candidates: Object.entries(OPERATORS).map(([name, operator]) => ({
      name,
      block: `meta-light(expand=${operator},project=${operator})`,
      knob: expansions(scale),
    })),
  }),
);
