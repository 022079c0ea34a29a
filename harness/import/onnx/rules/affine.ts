/** Factors and offsets that are parameters: layers of their own, or part of the layer before. */
import type { OpKind } from '../../../graph/operations/ops.js';
import { isMap } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import { type Constant, floats, type Variable } from '../operand.js';
import { type Site, UNSUPPORTED } from '../site.js';

/** Layers that may have an offset for each output channel, or for each group. */
const HAS_BIAS: ReadonlySet<OpKind> = new Set(['conv2d', 'dense', 'scale', 'scaleGroups']);

/** The layer without bias that an addition of this constant completes; undefined where there is none. */
export const withBias = (site: Site, index: number, bias: Constant): Variable | undefined => {
  const layer = site.variable(index);
  const { op, inputs, weights, path } = site.sketch.at(layer.node);
  if (!site.readsAlone(index)) return undefined;
  const count = op.kind === 'scaleGroups' ? op.groups : site.shapeOf(layer)[0];
  if (bias.values.length !== count) return undefined;
  if (op.kind === 'groupNorm' && weights.weight && !weights.bias) {
    const node = site.sketch.add(path, op, inputs, { ...weights, bias: () => floats(bias) });
    return { ...layer, node };
  }
  if (!HAS_BIAS.has(op.kind) || !('bias' in op) || op.bias) return undefined;
  const node = site.sketch.add(path, { ...op, bias: true }, inputs, { ...weights, bias: () => floats(bias) });
  return { ...layer, node };
};

/** A factor for each channel, such as LayerScale's, for each group of them, such as a temperature of heads, or for all. */
export const scaled = (site: Site, index: number, factor: Constant): Variable => {
  const given = site.variable(index);
  const x = site.sketch.settle(given);
  const { shape } = site.sketch.at(x);
  if (!isMap(shape)) throw new UserError('it scales the features of a vector', UNSUPPORTED);
  const path = site.path(factor);
  const { op, inputs, weights } = site.sketch.at(x);
  const groups = factor.values.length;
  if (op.kind === 'groupNorm' && !weights.weight && groups === shape[0] && site.readsAlone(index)) {
    const node = site.sketch.add(path, op, inputs, { weight: () => floats(factor) });
    return site.value(node, given.view);
  }
  const scale = groups < shape[0] ? ({ kind: 'scaleGroups', groups } as const) : ({ kind: 'scale' } as const);
  const node = site.sketch.add(path, { ...scale, bias: false }, [x], { weight: () => floats(factor) });
  return site.value(node, given.view);
};
