/** Which values of a deploy form are quantised in its int8 form, and which of them share a scale. */
import { consumersOf, type Graph } from '../graph/graph.js';
import { type Placement, placementsOf } from './placement.js';

export interface Int8Layout {
  /** By the id of the node. */
  readonly placements: readonly Placement[];
  /**
   * By the id of the node, the node whose range decides the scale of its output; null where that stays in float32. What only moves values
   * has the scale of what it moves, and what a clamp follows that costs nothing has the clamp's.
   */
  readonly rangeOf: readonly (number | null)[];
}

export const int8Layout = (graph: Graph): Int8Layout => {
  const placements = placementsOf(graph);
  const consumers = consumersOf(graph);
  const is = (id: number, state: Placement['state']): boolean => placements[id]?.state === state;
  const rangeOf: (number | null)[] = [];
  for (const { id, inputs } of graph.nodes) {
    const [source] = inputs;
    const moved = source === undefined || !is(id, 'moves') ? null : (rangeOf[source] ?? null);
    const readers = consumers[id] ?? [];
    const isQuantised = is(id, 'integer') || readers.some((reader) => is(reader, 'integer'));
    const clamp = readers.find((reader) => is(reader, 'absorbed'));
    if (moved !== null) rangeOf.push(moved);
    else if (is(id, 'absorbed')) rangeOf.push(id);
    else rangeOf.push(isQuantised ? (clamp ?? id) : null);
  }
  return { placements, rangeOf };
};

/** The nodes whose ranges have to be known. */
export const calibratedNodes = (graph: Graph): readonly number[] => [
  ...new Set(int8Layout(graph).rangeOf.filter((id) => id !== null)),
];
