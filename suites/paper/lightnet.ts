import { defineScaledSuite, steps } from '../suite.js';
import { expansions, SETTINGS } from './setting.js';

const WIDTH = { option: 'width', values: steps(0.05, 1.5, 0.01) };

/** Do the blocks of other networks do better in LightNet than in their own network? The paper: yes. */
export const lightnet = defineScaledSuite(
  'paper/lightnet',
  'Do the blocks of light-weight networks do better in LightNet than in the network they were published in?',
  (scale) => ({
    title: 'Blocks in LightNet and in their own networks, at equal parameters',
    ...SETTINGS[scale],
    budget: { metric: 'params', target: scale === 'small' ? 200_000 : 3_000_000, tolerance: 0.02 },
    claims: [
      'accuracy(inverted residual in LightNet) > accuracy(MobileNetV2)',
      'accuracy(sandglass in LightNet) > accuracy(MobileNeXt)',
      'accuracy(IGC block in LightNet) > accuracy(IGCV3-D)',
    ],
    candidates: [
      { name: 'inverted residual in LightNet', block: 'inverted-residual', knob: expansions(scale) },
      { name: 'MobileNetV2', network: 'mobilenet-v2', knob: WIDTH },
    ],
  }),
);
