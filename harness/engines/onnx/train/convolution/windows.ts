/**
 * Depthwise convolution as products with an expanded kernel: y = V . T, where V are windows of the input (see
 * `window-views.ts`) and T [C, extent, outputs * reach] is the kernel laid out by a constant 0/1 tensor that says which tap
 * joins which input to which output. Every gradient is a product with V or T and a projection onto the taps.
 */
import { elementCount } from '../../../../graph/shape.js';
import type { Tensor } from '../../model.js';
import type { TensorOps } from '../../tensor-ops.js';
import type { MomentConvolution, QuadraticInputGradient } from './convolution.js';
import type { Geometry } from './geometry.js';
import { joinTables, windowsCover, windowView } from './window-views.js';

export const windowsFit = (geometry: Geometry): boolean =>
  geometry.lanes === 1 &&
  geometry.groups === geometry.input[0] &&
  elementCount(geometry.kernel) > 1 &&
  windowsCover(geometry);

export const windows = (ops: TensorOps, x: Tensor, geometry: Geometry): MomentConvolution => {
  const { output, groups, kernel } = geometry;
  const view = windowView(geometry);
  const { extent, reach, rows } = view;
  const outputs = output[0] / groups;
  const taps = elementCount(kernel);
  const tables = joinTables(view, kernel);
  const windowed = view.unfold(ops, x);
  /** W [C, outputs, taps] -> T [C, extent, outputs * reach]. */
  const expand = (weights: Tensor): Tensor => {
    const joins = ops.model.constant(tables.forward(), [taps, extent * reach]);
    const matrices = ops.matMul(ops.reshape(weights, groups * outputs, taps), joins);
    if (outputs === 1) return ops.reshape(matrices, groups, extent, reach);
    const split = ops.transpose(ops.reshape(matrices, groups, outputs, extent, reach), 0, 2, 1, 3);
    return ops.reshape(split, groups, extent, outputs * reach);
  };
  /** W -> T^T [C, outputs * reach, extent]. */
  const expandTurned = (weights: Tensor): Tensor => {
    const joins = ops.model.constant(tables.backward(), [taps, reach * extent]);
    return ops.reshape(
      ops.matMul(ops.reshape(weights, groups * outputs, taps), joins),
      groups,
      outputs * reach,
      extent,
    );
  };
  /** One [C, rows, outputs * reach] a phase -> [C outputs, rows, reach], and back. */
  const apart = (tensor: Tensor, phase: number): Tensor =>
    outputs === 1
      ? tensor
      : ops.transpose(ops.reshape(tensor, groups, rows[phase] ?? 0, outputs, reach), 0, 2, 1, 3);
  const together = (tensor: Tensor, phase: number): Tensor => {
    const count = rows[phase] ?? 0;
    if (outputs === 1) return tensor;
    const swapped = ops.transpose(ops.reshape(tensor, groups, outputs, count, reach), 0, 2, 1, 3);
    return ops.reshape(swapped, groups, count, outputs * reach);
  };
  const toRows = (gradient: Tensor): readonly Tensor[] =>
    view.scatter(ops, gradient, output[0]).map(together);
  const pairs = (): Tensor => ops.model.constant(tables.pairs(), [extent * extent, taps * taps]);
  const counts = (): Tensor => ops.model.constant(tables.counts(), [extent, taps]);

  return {
    groups,
    outputs,
    taps,
    forward: (weights, offset) => {
      const kernels = expand(weights);
      const results = windowed.map((window, phase) => apart(ops.matMul(window, kernels), phase));
      const y = view.assemble(ops, results, output[0]);
      return offset === undefined ? y : ops.add(y, ops.reshape(offset, output[0], 1));
    },
    weightGradient: (gradient) => {
      const scattered = view.scatter(ops, gradient, output[0]);
      const met = windowed.map((window, phase) => {
        const count = rows[phase] ?? 0;
        // With the extra axis, onnxruntime does not fold the transpose into the product, which is twice as slow there.
        const apartRows = ops.reshape(scattered[phase] ?? gradient, output[0], 1, count, reach);
        const turned = ops.reshape(ops.transpose(apartRows, 0, 1, 3, 2), groups, outputs * reach, count);
        return ops.matMul(turned, window);
      });
      const projection = ops.model.constant(tables.projection(), [reach * extent, taps]);
      const projected = ops.matMul(ops.reshape(ops.total(met), groups * outputs, reach * extent), projection);
      return ops.reshape(projected, groups, outputs, taps);
    },
    inputGradient: ({ weights, gradient, quadratic }: QuadraticInputGradient) => {
      const turned = expandTurned(weights);
      if (!quadratic)
        return view.fold(
          ops,
          toRows(gradient).map((rowsOfPhase) => ops.matMul(rowsOfPhase, turned)),
        );
      const curvature = ops.matMulTransB(ops.reshape(quadratic.matrix, groups, taps * taps), pairs());
      const factors = ops.concat(1, [turned, ops.reshape(curvature, groups, extent, extent)]);
      const offsets = ops.matMulTransB(ops.reshape(quadratic.offset, groups, taps), counts());
      const row = ops.reshape(offsets, groups, 1, extent);
      const scattered = toRows(gradient);
      const parts = windowed.map((window, phase) =>
        ops.add(ops.matMul(ops.concat(2, [scattered[phase] ?? gradient, window]), factors), row),
      );
      return view.fold(ops, parts);
    },
    moments: () => {
      const gram = ops.total(windowed.map((window) => ops.matMulTransA(window, window)));
      const columns = ops.total(windowed.map((window) => ops.sum(window, 1)));
      const products = ops.matMul(ops.reshape(gram, groups, extent * extent), pairs());
      return {
        sums: ops.reshape(ops.matMul(columns, counts()), groups, taps, 1),
        products: ops.reshape(products, groups, taps, taps),
      };
    },
  };
};
