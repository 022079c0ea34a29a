import type { OnnxModel, Tensor } from '../../harness/engines/onnx/model.js';

/** The value itself, as a sum with itself and a half of that, so often. */
export const doubled = (model: OnnxModel, x: Tensor, times: number): Tensor =>
  Array.from({ length: times }).reduce<Tensor>(
    (value) => model.node('Mul', [model.node('Add', [value, value]), model.constant(0.5)]),
    x,
  );
