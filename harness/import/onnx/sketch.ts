/** The network while it is read: operations of ours, of which some turn out to be unused. What is used becomes the graph. */
import { GraphBuilder, type Value } from '../../graph/build/builder.js';
import type { Graph } from '../../graph/graph.js';
import { requireAttributes } from '../../graph/operations/op-domains.js';
import type { Fill, Op, Sides } from '../../graph/operations/ops.js';
import { outputShape } from '../../graph/operations/shape-rules.js';
import type { Weights } from '../../graph/parameters.js';
import { isMap, type MapShape, type Shape } from '../../graph/shape.js';
import { UserError } from '../../user/user-error.js';
import { blockSideOf, inBlocks } from './blocks.js';
import { UNCHANGED } from './elementwise.js';
import { recognised } from './formula.js';
import type { Pending, Variable } from './operand.js';
import { plainView, shuffleOf } from './view.js';

/** Values of an operation's parameters by their names, made when they are asked for. */
export type NodeWeights = Readonly<Record<string, () => Float32Array>>;

interface SketchNode {
  readonly path: string;
  readonly op: Op;
  readonly inputs: readonly number[];
  readonly shape: Shape;
  readonly weights: NodeWeights;
}

/** A network read from a file, and the weights that it came with. */
export interface Imported {
  readonly graph: Graph;
  readonly weights: () => Weights;
}

const INPUT = 0;

const ALONE: Record<Pending['state'], string> = {
  norms: 'an L2 norm is read alone',
  positions: 'codes of positions are read alone',
};

const UNUSED =
  'Export the whole of it, up to the quotient of a value by its norm, or to the map with its positions.';

const UNREADABLE = 'Export the whole of it: values with ones, both products, and the quotient.';

export class Sketch {
  private readonly nodes: SketchNode[] = [];
  /** Nodes of formulas that are emitted, by the node and the function. */
  private readonly settled = new Map<number, Map<unknown, number>>();

  constructor(input: MapShape) {
    this.add('input', { kind: 'input', shape: input }, []);
  }

  /** Throws UserError where an attribute is not allowed, or the shapes of the inputs do not fit. */
  add(path: string, op: Op, inputs: readonly number[], weights: NodeWeights = {}): number {
    requireAttributes(op, () => path);
    const shape = outputShape(
      op,
      inputs.map((id) => this.at(id).shape),
    );
    this.nodes.push({ path, op, inputs, shape, weights });
    return this.nodes.length - 1;
  }

  at(id: number): SketchNode {
    const node = this.nodes[id];
    if (!node) throw new RangeError(`The sketch has no node ${id}.`);
    return node;
  }

  shapeOf({ node }: Variable): Shape {
    return this.at(node).shape;
  }

  /** The same tensor as the value of a node. Throws UserError where its formula is no operation of ours. */
  settle({ node, formula, step, pending }: Variable): number {
    if (step !== undefined) throw new UserError('a step of linear attention is read alone', UNREADABLE);
    if (pending !== undefined) throw new UserError(ALONE[pending.state], UNUSED);
    const known = this.settled.get(node) ?? new Map<unknown, number>();
    this.settled.set(node, known);
    const done = known.get(formula.computes);
    if (done !== undefined) return done;
    const operation = recognised(formula.computes);
    if (operation === 'identity') return node;
    const id = operation === null ? formula.otherwise() : this.add(formula.path, operation, [node]);
    known.set(formula.computes, id);
    return id;
  }

  /** The same with the padding that waits for a window as a node of its own. */
  whole({ padding, ...variable }: Variable): Variable {
    if (!padding) return variable;
    const node = this.padded(variable.node, padding, 'zero', `${this.at(variable.node).path}_pad`);
    return { ...variable, node, view: plainView(this.at(node).shape) };
  }

  /** A map with more around it: its own node where there is nothing to add. */
  padded(map: number, padding: Sides, fill: Fill, path: string): number {
    if (padding.every((amount) => amount === 0)) return map;
    return this.once(path, { kind: 'pad', padding, fill }, map);
  }

  /**
   * The tensor as a map of ours, channels x height x width, the channels permuted where they are shuffled. Throws UserError where it is
   * none.
   */
  asMap(variable: Variable, path: string): number {
    const id = this.settle(variable);
    const { shape } = this.at(id);
    const [batch = [], channels = [], ...pixels] = variable.view;
    const plain = plainView(shape);
    const isPlain = JSON.stringify([batch, ...pixels]) === JSON.stringify([plain[0], ...plain.slice(2)]);
    const groups = isMap(shape) && isPlain ? shuffleOf(channels, shape[0]) : null;
    const side = groups === null && isMap(shape) ? blockSideOf([channels]) : null;
    const view = isMap(shape) && side !== null && side > 1 ? inBlocks(variable.view, shape, side) : null;
    if (side !== null && view) {
      const node = this.inBlocks(id, side, `${path}_blocks`);
      return this.asMap({ ...variable, node, view, formula: UNCHANGED }, path);
    }
    if (groups === null) {
      throw new UserError(
        'it reads a tensor that is not images x channels x height x width',
        'Only channel shuffles, channels-last layouts around linear layers, and flattening are understood.',
      );
    }
    return this.permuted(id, groups, `${path}_shuffle`);
  }

  /** A map with its channels permuted: its own node where one group leaves them as they are. */
  permuted(map: number, groups: number, path: string): number {
    const { op, inputs, shape } = this.at(map);
    const isBack = op.kind === 'permuteChannels' && op.groups * groups === shape[0];
    if (groups === 1 || isBack) return isBack ? (inputs[0] ?? map) : map;
    return this.once(path, { kind: 'permuteChannels', groups }, map);
  }

  /** Blocks of pixels as channels; what they were made of, where they were channels before. */
  inBlocks(map: number, size: number, path: string): number {
    const { op, inputs } = this.at(map);
    const isBack = op.kind === 'depthToSpace' && op.size === size;
    return isBack ? (inputs[0] ?? map) : this.once(path, { kind: 'spaceToDepth', size }, map);
  }

  /** The inverse. */
  outOfBlocks(map: number, size: number, path: string): number {
    const { op, inputs } = this.at(map);
    const isBack = op.kind === 'spaceToDepth' && op.size === size;
    return isBack ? (inputs[0] ?? map) : this.once(path, { kind: 'depthToSpace', size }, map);
  }

  /** The node that does this already, or a new one. */
  once(path: string, op: Op, input: number): number {
    const wanted = JSON.stringify(op);
    const done = this.nodes.findIndex(
      (node) => node.inputs[0] === input && node.op.kind === op.kind && JSON.stringify(node.op) === wanted,
    );
    return done >= 0 ? done : this.add(path, op, [input]);
  }

  /** The tensor as a vector of features. Throws UserError where its order is not channels, height, width. */
  asVector(variable: Variable, path: string): number {
    const id = this.settle(variable);
    const { shape } = this.at(id);
    const [batch = [], features = [], ...others] = variable.view;
    const inOrder = JSON.stringify(features) === JSON.stringify(plainView(shape).flat());
    if (batch.length > 0 || others.some((atoms) => atoms.length > 0) || !inOrder) {
      throw new UserError(
        'it reads a tensor that is not images x features',
        'Flatten channels, height and width, in this order.',
      );
    }
    return isMap(shape) ? this.add(`${path}_flatten`, { kind: 'flatten' }, [id]) : id;
  }

  /** The dense layer with another number of outputs, and without its weights. Throws UserError where it is none. */
  withOutputs(id: number, outFeatures: number): number {
    const { path, op, inputs } = this.at(id);
    if (op.kind === 'dense') return this.add(path, { ...op, outFeatures }, inputs);
    throw new UserError(
      `its last operation is ${op.kind}, not a dense layer that can be fitted`,
      'Leave out classifier=fitted, and export it with as many classes as the data has.',
    );
  }

  /** What the output depends on, as a graph. Throws UserError where the output is the input itself under another name, or too large. */
  finish(output: number): Imported {
    const used = new Set([output, INPUT]);
    for (let id = this.nodes.length - 1; id >= 0; id--)
      if (used.has(id)) for (const input of this.at(id).inputs) used.add(input);
    const g = GraphBuilder.create();
    const values = new Map<number, Value<Shape>>();
    const paths = new Set<string>();
    const weights: (readonly [string, () => Float32Array])[] = [];
    for (const [id, node] of this.nodes.entries()) {
      if (!used.has(id)) continue;
      requireAffine(node);
      const path = unused(node.path, paths);
      paths.add(path);
      const inputs = node.inputs.flatMap((input) => values.get(input) ?? []);
      values.set(id, g.append(path, node.op, inputs));
      for (const [name, make] of Object.entries(node.weights)) weights.push([`${path}.${name}`, make]);
    }
    const last = values.get(output);
    if (!last) throw new RangeError('The output was not built.');
    return {
      graph: g.finish(last),
      weights: () => new Map(weights.map(([path, make]) => [path, make()])),
    };
  }
}

/** The factor and the offset of a group norm are read after it. */
const requireAffine = ({ path, op, weights }: SketchNode): void => {
  if (op.kind !== 'groupNorm' || (weights.weight && weights.bias)) return;
  throw new UserError(
    `${path}: this group norm has no factor and offset for each channel`,
    'Use a group norm with weight and bias.',
  );
};

/** The path itself, or with the first number that makes it new. */
const unused = (path: string, taken: ReadonlySet<string>): string => {
  if (!taken.has(path)) return path;
  let count = 2;
  while (taken.has(`${path}_${count}`)) count += 1;
  return `${path}_${count}`;
};
