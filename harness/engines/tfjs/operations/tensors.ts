/** To and from TF.js's tensors, whose rank and type the graph's shapes guarantee and its types do not know. */
import type { Parameter, Weights } from '../../../graph/parameters.js';
import { tf } from '../backends/tf.js';

/** A parameter in its stored layout. Throws RangeError where its values are missing or too many or few. */
export const storedTensor = ({ path, shape, size }: Parameter, weights: Weights): tf.Tensor => {
  const values = weights.get(path);
  if (values?.length !== size)
    throw new RangeError(`${path} needs ${size} values and has ${values?.length ?? 'none'}.`);
  return tf.tensor(values, [...shape]);
};

/** A map: images x height x width x channels. */
export const asMap = (tensor: tf.Tensor | undefined): tf.Tensor4D => {
  if (tensor && hasRank4(tensor)) return tensor;
  throw new TypeError(`Expected a map and got rank ${tensor?.rank ?? 'none'}.`);
};

export const asVolume = (tensor: tf.Tensor | undefined): tf.Tensor5D => {
  if (tensor && hasRank5(tensor)) return tensor;
  throw new TypeError(`Expected a volume and got rank ${tensor?.rank ?? 'none'}.`);
};

export const asVector = (tensor: tf.Tensor | undefined): tf.Tensor1D => {
  if (tensor && hasRank1(tensor)) return tensor;
  throw new TypeError(`Expected a vector and got rank ${tensor?.rank ?? 'none'}.`);
};

/** A copy of the values. */
export const valuesOf = async (tensor: tf.Tensor): Promise<Float32Array> => {
  const values = await tensor.data();
  if (values instanceof Float32Array) return values;
  throw new TypeError(`Expected float32 and got ${tensor.dtype}.`);
};

const hasRank1 = (tensor: tf.Tensor): tensor is tf.Tensor1D => tensor.rank === 1;
const hasRank4 = (tensor: tf.Tensor): tensor is tf.Tensor4D => tensor.rank === 4;
const hasRank5 = (tensor: tf.Tensor): tensor is tf.Tensor5D => tensor.rank === 5;
