/** From the training form of a network to the form it is deployed and timed in. */
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import { batchNormsToScales, scalesIntoConvolutions } from './fold.js';
import { mergeBranches } from './merge.js';
import { type Replacements, rewrite, type Values } from './rewrite.js';

/** A network as it is deployed: branches merged, norms folded. */
export interface DeployForm {
  /** Without batch norms; costs need nothing more. */
  readonly graph: Graph;
  /** Its weights, computed in float64 from those of the training form and rounded once. */
  readonly convert: (weights: Weights) => Weights;
  /** For every node, the node of the training graph that has the same value in inference; null where none has. */
  readonly counterparts: readonly (number | null)[];
}

const PASSES: readonly ((graph: Graph) => Replacements)[] = [
  batchNormsToScales,
  scalesIntoConvolutions,
  mergeBranches,
];

/**
 * Folds batch norms into convolutions, merges parallel convolutions, and repeats both until nothing changes. A batch norm that no
 * convolution can take becomes a scale at its own path. Nodes keep their blocks.
 */
export const deployForm = (trained: Graph): DeployForm => {
  const { graph, convert, counterparts } = settled({
    graph: trained,
    convert: (values) => values,
    counterparts: trained.nodes.map(({ id }) => id),
  });
  return {
    graph,
    counterparts,
    convert: (weights) => mapped(convert(mapped(weights, float64)), float32),
  };
};

interface Form {
  readonly graph: Graph;
  readonly convert: (values: Values) => Values;
  readonly counterparts: readonly (number | null)[];
}

const settled = (form: Form): Form => {
  const next = PASSES.reduce(applyPass, form);
  return next === form ? form : settled(next);
};

const applyPass = (form: Form, pass: (graph: Graph) => Replacements): Form => {
  const replacements = pass(form.graph);
  if (replacements.size === 0) return form;
  const { graph, convert, counterparts } = rewrite(form.graph, replacements);
  return {
    graph,
    convert: (values) => convert(form.convert(values)),
    counterparts: counterparts.map((id) => (id === null ? null : (form.counterparts[id] ?? null))),
  };
};

const float64 = (values: Float32Array): Float64Array => new Float64Array(values);

const float32 = (values: Float64Array): Float32Array => new Float32Array(values);

const mapped = <A, B>(values: ReadonlyMap<string, A>, change: (value: A) => B): ReadonlyMap<string, B> =>
  new Map([...values].map(([path, value]) => [path, change(value)]));
