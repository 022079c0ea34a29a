import { UserError } from '../user-error.js';
import type { Graph, GraphNode } from './graph.js';
import type { ActivationFunction, Op, Pair } from './ops.js';
import { isMap, type MapShape, type Shape } from './shape.js';
import { outputShape } from './shape-rules.js';

/** An intermediate result while a graph is built. */
export interface Value<S extends Shape = MapShape> {
  readonly id: number;
  readonly shape: S;
}

export interface Conv2dOptions {
  readonly outChannels: number;
  readonly kernel: number | Pair;
  readonly stride?: number | Pair;
  /** Zeros on both sides of each axis; by default half the dilated kernel, so that stride 1 keeps the size of an odd kernel. */
  readonly padding?: number | Pair;
  readonly dilation?: number | Pair;
  readonly groups?: number;
  readonly bias?: boolean;
}

export interface PoolOptions {
  readonly kernel: number | Pair;
  readonly stride?: number | Pair;
  readonly padding?: number | Pair;
}

export interface GraphOptions {
  /** Of every batch norm that is not given another. Networks born in TensorFlow have 1e-3. */
  readonly epsilon?: number;
}

interface Draft {
  readonly nodes: GraphNode[];
  readonly paths: Set<string>;
  readonly epsilon: number;
}

/**
 * Builds a graph node by node. Every method returns the value it adds and throws a UserError that names the path where
 * shapes do not fit. `scope` gives a builder whose nodes' paths start with a name; `block` also marks its nodes as
 * belonging to the basic block under test, and so not to the skeleton.
 */
export class GraphBuilder {
  private constructor(
    private readonly draft: Draft,
    private readonly prefix: string,
    private readonly blockPath: string | undefined,
  ) {}

  static create({ epsilon = 1e-5 }: GraphOptions = {}): GraphBuilder {
    return new GraphBuilder({ nodes: [], paths: new Set(), epsilon }, '', undefined);
  }

  scope(name: string | number): GraphBuilder {
    return new GraphBuilder(this.draft, this.pathOf(String(name)), this.blockPath);
  }

  block(name: string | number): GraphBuilder {
    const path = this.pathOf(String(name));
    return new GraphBuilder(this.draft, path, path);
  }

  input(shape: MapShape): Value {
    return this.map('input', { kind: 'input', shape }, []);
  }

  conv2d(name: string, x: Value, options: Conv2dOptions): Value {
    const kernel = pair(options.kernel);
    const dilation = pair(options.dilation ?? 1);
    const same: Pair = [half(kernel[0], dilation[0]), half(kernel[1], dilation[1])];
    return this.map(
      name,
      {
        kind: 'conv2d',
        outChannels: options.outChannels,
        kernel,
        stride: pair(options.stride ?? 1),
        padding: options.padding === undefined ? same : pair(options.padding),
        dilation,
        groups: options.groups ?? 1,
        bias: options.bias ?? false,
      },
      [x],
    );
  }

  channelConv(name: string, x: Value, attributes: Omit<Op<'channelConv'>, 'kind'>): Value {
    return this.map(name, { kind: 'channelConv', ...attributes }, [x]);
  }

  dense(name: string, x: Value<Shape>, outFeatures: number, bias = true): Value<Shape> {
    return this.append(name, { kind: 'dense', outFeatures, bias }, [x]);
  }

  batchNorm(name: string, x: Value, epsilon = this.draft.epsilon): Value {
    return this.map(name, { kind: 'batchNorm', epsilon }, [x]);
  }

  scale(name: string, x: Value, bias: boolean): Value {
    return this.map(name, { kind: 'scale', bias }, [x]);
  }

  activation(name: string, x: Value, fn: ActivationFunction): Value {
    return this.map(name, { kind: 'activation', function: fn }, [x]);
  }

  add(name: string, ...values: readonly Value[]): Value {
    return this.map(name, { kind: 'add' }, values);
  }

  mul(name: string, x: Value, factor: Value): Value {
    return this.map(name, { kind: 'mul' }, [x, factor]);
  }

  concat(name: string, ...values: readonly Value[]): Value {
    return this.map(name, { kind: 'concat' }, values);
  }

  slice(name: string, x: Value, start: number, end: number): Value {
    return this.map(name, { kind: 'slice', start, end }, [x]);
  }

  permuteChannels(name: string, x: Value, groups: number): Value {
    return this.map(name, { kind: 'permuteChannels', groups }, [x]);
  }

  globalAvgPool(name: string, x: Value): Value {
    return this.map(name, { kind: 'globalAvgPool' }, [x]);
  }

  avgPool(name: string, x: Value, options: PoolOptions): Value {
    return this.map(name, { kind: 'avgPool', ...pool(options) }, [x]);
  }

  maxPool(name: string, x: Value, options: PoolOptions): Value {
    return this.map(name, { kind: 'maxPool', ...pool(options) }, [x]);
  }

  flatten(name: string, x: Value): Value<Shape> {
    return this.append(name, { kind: 'flatten' }, [x]);
  }

  /** The finished graph. Nodes that the output does not depend on are an error: a builder that forgot to use a value. */
  finish(output: Value<Shape>): Graph {
    const { nodes } = this.draft;
    const input = nodes.find((node) => node.op.kind === 'input');
    if (!input || !isMap(input.shape))
      throw new UserError('The graph has no input.', 'Begin with g.input(shape).');
    const used = new Set<number>([output.id, input.id]);
    for (const node of [...nodes].reverse())
      if (used.has(node.id)) for (const id of node.inputs) used.add(id);
    const unused = nodes.find((node) => !used.has(node.id));
    if (unused) {
      throw new UserError(`${unused.path} is computed but never used.`, 'Use its value, or do not build it.');
    }
    return Object.freeze({
      nodes: Object.freeze([...nodes]),
      input: { id: input.id, shape: input.shape },
      output: { id: output.id, shape: output.shape },
    });
  }

  /** Adds any operation; the typed methods above are what blocks use, this is what rewrites use. */
  append(name: string, op: Op, inputs: readonly Value<Shape>[]): Value<Shape> {
    const path = this.pathOf(name);
    if (this.draft.paths.has(path)) {
      throw new UserError(`Two nodes have the path ${path}.`, 'Give each node of a scope its own name.');
    }
    const shape = shapeOrExplain(path, op, inputs);
    const id = this.draft.nodes.length;
    this.draft.paths.add(path);
    this.draft.nodes.push(
      Object.freeze({
        id,
        path,
        op,
        inputs: inputs.map((value) => value.id),
        shape,
        ...(this.blockPath === undefined ? {} : { block: this.blockPath }),
      }),
    );
    return { id, shape };
  }

  private map(name: string, op: Op, inputs: readonly Value<Shape>[]): Value {
    const { id, shape } = this.append(name, op, inputs);
    if (!isMap(shape)) throw new TypeError(`${name} (${op.kind}) gives a vector where a map is declared.`);
    return { id, shape };
  }

  private pathOf(name: string): string {
    return this.prefix === '' ? name : `${this.prefix}.${name}`;
  }
}

const pair = (size: number | Pair): Pair => (typeof size === 'number' ? [size, size] : size);

const half = (kernel: number, dilation: number): number => Math.floor((dilation * (kernel - 1) + 1) / 2);

const pool = (options: PoolOptions) => ({
  kernel: pair(options.kernel),
  stride: pair(options.stride ?? 1),
  padding: pair(options.padding ?? 0),
});

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
