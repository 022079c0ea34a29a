import type { GraphNode } from '../../../graph/graph.js';
import type { Parameter } from '../../../graph/parameters.js';
import { elementCount, isMap, type Shape } from '../../../graph/shape.js';
import type { Tensor } from '../model.js';
import type { TensorOps } from '../tensor-ops.js';
import type { Piece } from './update/state.js';

/** How the images of a batch lie in a channel's row: [N / lanes, H, W, lanes]. One lane is image after image. */
export interface BatchLayout {
  /** Images in a batch, N: a multiple of the lanes. */
  readonly batch: number;
  readonly lanes: number;
}

export interface BatchStatistic {
  readonly value: Tensor;
  /** Factor by which it is corrected before it moves the running one. */
  readonly correction: number;
}

/**
 * Everything a lowering needs while a training step is written.
 *
 * Layout: a map of C x H x W is a tensor [C, N * H * W], images inside channels, so that a pointwise convolution is one large matrix
 * product and a batch-norm statistic one row reduction, whatever the order within the rows. That order is the batch's layout:
 * with as many lanes as the blocked convolution takes, a depthwise convolution is one node that copies nothing. A vector of F
 * features is [F, N].
 */
export class TrainingContext {
  /** Gradients, and statistics of the batch, of the pieces of the state by the path of their first parameter. */
  readonly gradients = new Map<string, Tensor>();
  readonly statistics = new Map<string, BatchStatistic>();

  constructor(
    readonly ops: TensorOps,
    readonly layout: BatchLayout,
    private readonly pieces: ReadonlyMap<string, Tensor>,
  ) {}

  /** The parameters of a piece of the state as one tensor [count, ...shape]. */
  stack(piece: Piece): Tensor {
    const [{ path, shape }] = piece;
    const tensor = this.pieces.get(path);
    if (tensor === undefined) throw new RangeError(`No piece of the state begins with ${path}.`);
    return this.ops.reshape(tensor, piece.length, ...shape);
  }

  /** One parameter, or running statistic, in its own shape. */
  tensor(parameter: Parameter): Tensor {
    return this.ops.reshape(this.stack([parameter]), ...parameter.shape);
  }

  /** Takes a gradient of as many elements as the piece, in its order. */
  setGradient(piece: Piece, gradient: Tensor): void {
    this.gradients.set(piece[0].path, gradient);
  }

  setStatistic(piece: Piece, statistic: BatchStatistic): void {
    this.statistics.set(piece[0].path, statistic);
  }
}

/** A value with its gradient's way back. */
export interface Lowered {
  readonly output: Tensor;
  /**
   * Given the loss's gradient for the output, the gradient for each input, in order; parameters' gradients are set on the
   * context. An input that leads to no parameter (`needed` false) may be skipped with null.
   */
  readonly backward: (gradient: Tensor, needed: readonly boolean[]) => readonly (Tensor | null)[];
}

/** Pixels of all images of the batch: the length of a channel's row. */
export const rowLength = ({ batch }: Pick<BatchLayout, 'batch'>, shape: Shape): number =>
  isMap(shape) ? batch * shape[1] * shape[2] : batch;

/** What a rule sees of its node. */
export interface LoweringSite {
  readonly node: GraphNode;
  readonly inputs: readonly Tensor[];
  readonly shapes: readonly Shape[];
  readonly parameters: readonly Parameter[];
}

export const pixels = (shape: Shape): number => elementCount(shape.slice(1));
