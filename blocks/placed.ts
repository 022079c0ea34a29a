import type { Graph } from '../harness/graph/graph.js';
import { buildAlone, buildNetwork } from './build.js';
import type { AnyDefinition } from './part.js';

/** The training graph of a definition with its default options, at the place of its kind. */
export const placed = (definition: AnyDefinition): Graph => {
  if (definition.kind === 'network') return buildNetwork(definition, { input: [3, 224, 224], classes: 1000 });
  return buildAlone(definition, [64, 28, 28], { outChannels: definition.kind === 'channel' ? 256 : 64 });
};
