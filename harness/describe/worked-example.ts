/** A definition with its default options at one place, the same for all of a kind: what it costs there, and what it becomes. */
import type { AnyDefinition, PartKind } from '../../blocks/part.js';
import { placed } from '../../blocks/placed.js';
import { type Cost, cost } from '../cost/cost.js';
import type { Graph } from '../graph/graph.js';
import type { OpKind } from '../graph/operations/ops.js';
import { deployForm } from '../rewrite/deploy.js';

export interface WorkedExample {
  readonly graph: Graph;
  readonly train: Cost;
  readonly deploy: Cost;
  /** Convolutions, channel-wise ones included. */
  readonly convolutions: { readonly train: number; readonly deploy: number };
  /** Values that are summed somewhere: fewer in the deploy form where branches have merged. */
  readonly summands: { readonly train: number; readonly deploy: number };
  /** Batch norms that no convolution takes: a factor and an offset each in the deploy form. */
  readonly scales: number;
}

/** The places, in words. */
export const PLACES: Readonly<Record<PartKind, string>> = {
  spatial: '64 channels of 28x28 at stride 1',
  channel: '64 to 256 channels of 28x28',
  block: '64 channels of 28x28 at stride 1, ReLU',
  network: 'images of 3x224x224, 1000 classes',
};

export const workedExample = (definition: AnyDefinition): WorkedExample => {
  const graph = placed(definition);
  const deployed = deployForm(graph).graph;
  return {
    graph,
    train: cost(graph),
    deploy: cost(deployed),
    convolutions: { train: countOf(graph, CONVOLUTIONS), deploy: countOf(deployed, CONVOLUTIONS) },
    summands: { train: summandsOf(graph), deploy: summandsOf(deployed) },
    scales: countOf(deployed, ['scale']),
  };
};

const CONVOLUTIONS: readonly OpKind[] = ['conv2d', 'channelConv'];

const countOf = ({ nodes }: Graph, kinds: readonly OpKind[]): number =>
  nodes.filter(({ op }) => kinds.includes(op.kind)).length;

const summandsOf = ({ nodes }: Graph): number =>
  nodes.reduce((sum, { op, inputs }) => (op.kind === 'add' ? sum + inputs.length : sum), 0);
