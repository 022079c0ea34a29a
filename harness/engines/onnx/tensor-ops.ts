/** Short names for the ONNX operators that lowerings are written with. Axes and bounds are constants. */
import type { OnnxModel, Tensor } from './model.js';

export class TensorOps {
  constructor(
    readonly model: OnnxModel,
    /** Values that the blocked convolution computes side by side (see `block-size.ts`); null where there is none. */
    readonly block: number | null,
  ) {}

  add(a: Tensor, b: Tensor): Tensor {
    return this.model.node('Add', [a, b]);
  }

  sub(a: Tensor, b: Tensor): Tensor {
    return this.model.node('Sub', [a, b]);
  }

  mul(a: Tensor, b: Tensor): Tensor {
    return this.model.node('Mul', [a, b]);
  }

  div(a: Tensor, b: Tensor): Tensor {
    return this.model.node('Div', [a, b]);
  }

  /** Multiplies by a number. */
  times(a: Tensor, factor: number): Tensor {
    return this.mul(a, this.model.constant(factor));
  }

  /** Sum of one or more tensors of equal shape. */
  total(tensors: readonly Tensor[]): Tensor {
    return tensors.reduce((sum, tensor) => this.add(sum, tensor));
  }

  unary(
    operator: 'Abs' | 'Relu' | 'Sigmoid' | 'Sqrt' | 'Reciprocal' | 'Erf' | 'Exp' | 'Neg',
    a: Tensor,
  ): Tensor {
    return this.model.node(operator, [a]);
  }

  /** 1 / sqrt(variance + epsilon) */
  inverseDeviation(variance: Tensor, epsilon: Tensor): Tensor {
    return this.unary('Reciprocal', this.unary('Sqrt', this.add(variance, epsilon)));
  }

  /** 1 where a > 0, else 0, in float32: clips a * largest float to [0, 1], in one pass, where Greater and Cast are two. */
  positive(a: Tensor): Tensor {
    return this.model.node('HardSigmoid', [a], {
      attributes: { alpha: { float: 3.4e38 }, beta: { float: 0 } },
    });
  }

  float(a: Tensor): Tensor {
    return this.model.node('Cast', [a], { attributes: { to: 1 } });
  }

  /** Batched matrix product; leading dimensions must agree. */
  matMul(a: Tensor, b: Tensor): Tensor {
    return this.model.node('MatMul', [a, b]);
  }

  /** a . b^T */
  matMulTransB(a: Tensor, b: Tensor): Tensor {
    return this.model.contrib('FusedMatMul', [a, b], { transB: 1 });
  }

  /** a^T . b */
  matMulTransA(a: Tensor, b: Tensor): Tensor {
    return this.model.contrib('FusedMatMul', [a, b], { transA: 1 });
  }

  reshape(a: Tensor, ...shape: readonly number[]): Tensor {
    return this.model.node('Reshape', [a, this.model.integers(...shape)]);
  }

  transpose(a: Tensor, ...permutation: readonly number[]): Tensor {
    return this.model.node('Transpose', [a], { attributes: { perm: permutation } });
  }

  /** Elements start (included) to end (excluded) along one axis, every `step`th. */
  slice(a: Tensor, axis: number, start: number, end: number, step = 1): Tensor {
    const { model } = this;
    const bounds = [start, end, axis].map((n) => model.integers(n));
    return model.node('Slice', [a, ...bounds, ...(step === 1 ? [] : [model.integers(step)])]);
  }

  /** The elements along an axis at these places, each as often as it is named. */
  gather(a: Tensor, axis: number, places: readonly number[]): Tensor {
    return this.model.node('Gather', [a, this.model.integers(...places)], { attributes: { axis } });
  }

  concat(axis: number, tensors: readonly Tensor[]): Tensor {
    const [only] = tensors;
    if (only !== undefined && tensors.length === 1) return only;
    return this.model.node('Concat', tensors, { attributes: { axis } });
  }

  /** As slices: Split is no faster, and a GPU has room for few outputs of one operation. */
  split(a: Tensor, axis: number, sizes: readonly number[]): readonly Tensor[] {
    if (sizes.length === 1) return [a];
    let end = 0;
    return sizes.map((size) => {
      end += size;
      return this.slice(a, axis, end - size, end);
    });
  }

  /** Adds `before` and `after` elements of a value on every axis; a negative number crops. */
  pad(a: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor {
    if ([...before, ...after].every((n) => n === 0)) return a;
    const amounts = this.model.integers(...before, ...after);
    return this.model.node('Pad', value === 0 ? [a, amounts] : [a, amounts, this.model.constant(value)]);
  }

  /** Repeats along axes of size 1. */
  expand(a: Tensor, ...shape: readonly number[]): Tensor {
    return this.model.node('Expand', [a, this.model.integers(...shape)]);
  }

  /** Each of `values` single values `copies` times, side by side: a product with ones takes a third to an eighth of Expand's time. */
  repeat(a: Tensor, values: number, copies: number): Tensor {
    const ones = this.model.constant(new Float32Array(copies).fill(1), [1, copies]);
    return this.reshape(this.matMul(this.reshape(a, values, 1), ones), values * copies);
  }

  /** Rounded to whole steps and read back, by a scale and a zero point for all values or for each along an axis. */
  quantisedAndBack(a: Tensor, [scale, zero]: readonly [scale: Tensor, zero: Tensor], axis?: number): Tensor {
    const options = axis === undefined ? {} : { attributes: { axis } };
    const integers = this.model.node('QuantizeLinear', [a, scale, zero], options);
    return this.model.node('DequantizeLinear', [integers, scale, zero], options);
  }

  softmax(a: Tensor, axis: number): Tensor {
    return this.model.node('Softmax', [a], { attributes: { axis } });
  }

  sum(a: Tensor, axis: number, keep = false): Tensor {
    return this.reduce('ReduceSum', a, axis, keep);
  }

  mean(a: Tensor, axis: number, keep = false): Tensor {
    return this.reduce('ReduceMean', a, axis, keep);
  }

  max(a: Tensor, axis: number, keep = false): Tensor {
    return this.reduce('ReduceMax', a, axis, keep);
  }

  /**
   * Per-channel scale . x + offset of x [channels, length] in one pass: an inference batch norm with mean 0 and variance 1 is
   * onnxruntime's fastest affine map. Scale and offset are [channels].
   */
  affine(x: Tensor, scale: Tensor, offset: Tensor, channels: number, length: number): Tensor {
    const { model } = this;
    const zeros = model.constant(new Float32Array(channels));
    const ones = model.constant(new Float32Array(channels).fill(1));
    const y = model.node(
      'BatchNormalization',
      [this.reshape(x, 1, channels, length), scale, offset, zeros, ones],
      {
        attributes: { epsilon: { float: 0 } },
      },
    );
    return this.reshape(y, channels, length);
  }

  private reduce(operator: string, a: Tensor, axis: number, keep: boolean): Tensor {
    // ReduceMax takes its axes as an input only from opset 18 on for float32; all three do here.
    return this.model.node(operator, [a, this.model.integers(axis)], {
      attributes: { keepdims: keep ? 1 : 0 },
    });
  }
}
