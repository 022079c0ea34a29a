import { buildNetwork } from '../../blocks/build.js';
import type { Graph } from '../../harness/graph/graph.js';

/** A LightNet that learns the synthetic data set in seconds. */
export const tinyNetwork = (block = 'inverted-residual(expansion=2)'): Graph => {
  const scale = { stemWidth: 4, stemStrides: [1, 2], widths: [8, 16], depths: [1, 1], headWidth: 16 };
  return buildNetwork({ id: 'lightnet', set: { ...scale, block } }, { input: [1, 12, 12], classes: 4 });
};
