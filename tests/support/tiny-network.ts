import { buildNetwork } from '../../blocks/build.js';
import { findDataset } from '../../harness/data/registry.js';
import type { Graph } from '../../harness/graph/graph.js';

/** A LightNet that learns the synthetic data set in seconds. */
export const tinyNetwork = (block = 'inverted-residual(expansion=2)'): Graph => {
  const { shape, classes } = findDataset('synthetic');
  const scale = { stemWidth: 4, stemStrides: [1, 2], widths: [8, 16], depths: [1, 1], headWidth: 16 };
  return buildNetwork({ id: 'lightnet', set: { ...scale, block } }, { input: shape, classes });
};
