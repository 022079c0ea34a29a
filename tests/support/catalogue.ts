import { buildAlone, buildNetwork } from '../../blocks/build.js';
import { listDefinitions } from '../../blocks/lookup.js';
import type { Graph } from '../../harness/graph/graph.js';
import type { MapShape } from '../../harness/graph/shape.js';
import { narrowed } from './narrow.js';

const PART_INPUT: MapShape = [32, 10, 10];
const NETWORK_INPUT: MapShape = [3, 64, 64];

/** Networks that take one size only. */
const FIXED_INPUTS: Readonly<Record<string, MapShape>> = { 'channelnet-v3': [3, 224, 224] };

/** The training graph of everything that is registered, by id: narrow networks on small images, parts alone. */
export const CATALOGUE: readonly (readonly [id: string, graph: Graph])[] = listDefinitions().map(
  ({ id, kind }) => [
    id,
    kind === 'network'
      ? buildNetwork({ id, set: narrowed(id) }, { input: FIXED_INPUTS[id] ?? NETWORK_INPUT, classes: 10 })
      : buildAlone(id, PART_INPUT),
  ],
);
