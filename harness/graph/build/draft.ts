import { UserError } from '../../user/user-error.js';
import type { Graph, GraphNode } from '../graph.js';
import type { Op } from '../operations/ops.js';
import { outputShape } from '../operations/shape-rules.js';
import { isMap, type MapShape, type Shape } from '../shape.js';
import { joinedWeights, type PartWeights } from './part-weights.js';

/** An intermediate result while a graph is built. */
export interface Value<S extends Shape = MapShape> {
  readonly id: number;
  readonly shape: S;
}

/** The most operations of a graph. */
export const MOST_NODES = 2 ** 16;

/** A graph while it is built, by a `GraphBuilder` for its author or by a rewrite: nodes whose shapes fit, each with its own path. */
export class Draft {
  private readonly nodes: GraphNode[] = [];
  private readonly paths = new Set<string>();
  private readonly given: PartWeights[] = [];

  /**
   * Throws UserError naming the path where it is taken, an input is of another graph, the shapes of the inputs do not fit, or there are too
   * many nodes.
   */
  add(path: string, op: Op, inputs: readonly Value<Shape>[], block: string | undefined): Value<Shape> {
    const foreign = inputs.findIndex((value) => !this.holds(value));
    if (foreign >= 0) {
      throw new UserError(
        `${path} (${op.kind}): input ${foreign + 1} of ${inputs.length} is not a value of this graph.`,
        'Pass a value returned by a method of this builder or of one of its scopes.',
      );
    }
    if (op.kind === 'input' && this.nodes.length > 0) {
      throw new UserError(
        `${path} would be a second input.`,
        'Call g.input once, before every other operation.',
      );
    }
    return this.push(path, op, shapeOrExplain(path, op, inputs), inputs, block);
  }

  /** Adds a node of another graph at its path, on inputs of the shapes that it had there. Throws UserError as `add` does. */
  copy({ path, op, shape, block }: GraphNode, inputs: readonly Value<Shape>[]): Value<Shape> {
    return this.push(path, op, shape, inputs, block);
  }

  /** Where the parameters of a part start from. */
  give(part: PartWeights): void {
    this.given.push(part);
  }

  /** Whether a value belongs to this graph. */
  holds(value: unknown): value is Value<Shape> {
    if (typeof value !== 'object' || value === null || !('id' in value && 'shape' in value)) return false;
    return typeof value.id === 'number' && this.nodes[value.id]?.shape === value.shape;
  }

  /** Throws UserError where the output is of another graph, there is no input, or the output does not depend on some node. */
  finish(output: Value<Shape>): Graph {
    if (!this.holds(output)) {
      throw new UserError(
        'The output is not a value of this graph.',
        'Pass a value returned by one of its builder methods.',
      );
    }
    const [input] = this.nodes;
    if (!input || !isMap(input.shape))
      throw new UserError('The graph has no input.', 'Begin with g.input(shape).');
    const used = new Set<number>([output.id, input.id]);
    for (const node of [...this.nodes].reverse())
      if (used.has(node.id)) for (const id of node.inputs) used.add(id);
    const unused = this.nodes.find((node) => !used.has(node.id));
    if (unused) {
      throw new UserError(`${unused.path} is computed but never used.`, 'Use its value, or remove it.');
    }
    const initial = joinedWeights(this.given);
    return Object.freeze({
      nodes: Object.freeze([...this.nodes]),
      input: { id: input.id, shape: input.shape },
      output: { id: output.id, shape: output.shape },
      ...(initial === undefined ? {} : { initial }),
    });
  }

  private push(
    path: string,
    op: Op,
    shape: Shape,
    inputs: readonly Value<Shape>[],
    block: string | undefined,
  ): Value<Shape> {
    if (this.paths.has(path)) {
      throw new UserError(
        `Two nodes have the same path, ${path}.`,
        'Give each node of a scope its own name.',
      );
    }
    if (this.nodes.length === MOST_NODES) {
      throw new UserError(
        `${path}: the graph already has ${MOST_NODES} nodes, the maximum.`,
        'Build a smaller network.',
      );
    }
    const id = this.nodes.length;
    this.paths.add(path);
    this.nodes.push(
      Object.freeze({
        id,
        path,
        op,
        inputs: inputs.map((value) => value.id),
        shape,
        ...(block === undefined ? {} : { block }),
      }),
    );
    return { id, shape };
  }
}

const shapeOrExplain = (path: string, op: Op, inputs: readonly Value<Shape>[]): Shape => {
  try {
    return outputShape(
      op,
      inputs.map((value) => value.shape),
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path} (${op.kind}): ${error.message}.`, error.remedy);
  }
};
