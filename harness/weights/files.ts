/** The weights of a network in a safetensors file, under our names or those of another library, and back. */
import type { Graph } from '../graph/graph.js';
import { graphParameters, type Parameter, type Weights } from '../graph/parameters.js';
import { elementCount } from '../graph/shape.js';
import { UserError } from '../user/user-error.js';
import { foreignNames, NAMINGS, type Naming, requireForeignNames } from './names.js';
import {
  encodeSafetensors,
  type NamedTensor,
  type ReadTensor,
  readSafetensors,
  type Safetensors,
} from './safetensors.js';

/** A network, and what it is called in the registry. */
export interface NamedNetwork {
  readonly network: string;
  readonly graph: Graph;
}

/** Every parameter by its path, in execution order. Throws RangeError where a weight is missing. */
export const weightsFile = (
  graph: Graph,
  weights: Weights,
  metadata: Readonly<Record<string, string>>,
): Uint8Array =>
  encodeSafetensors(
    graphParameters(graph).map(({ path, shape }) => ({ name: path, shape, values: valuesAt(weights, path) })),
    metadata,
  );

/** The same under the names of another library. Throws UserError where it has no such network. */
export const foreignWeightsFile = (
  { network, graph }: NamedNetwork,
  weights: Weights,
  naming: Naming,
  metadata: Readonly<Record<string, string>>,
): Uint8Array => {
  const tensors = requireForeignNames(naming, network, graph).flatMap(
    ({ parameter, key, shape, counter }): NamedTensor[] => [
      { name: key, shape, values: valuesAt(weights, parameter.path) },
      ...(counter === undefined ? [] : [{ name: counter, shape: [], values: BigInt64Array.of(0n) }]),
    ],
  );
  return encodeSafetensors(tensors, { format: 'pt', ...metadata });
};

const valuesAt = (weights: Weights, path: string): Float32Array => {
  const values = weights.get(path);
  if (values === undefined) throw new RangeError(`${path} has no values.`);
  return values;
};

export interface LoadedWeights {
  readonly weights: Weights;
  /** Parameters of the classifier that the file has for another number of classes, and that are not taken from it. */
  readonly left: readonly string[];
}

/**
 * The weights in a file, whichever library has named them. What is missing, has another shape or values that are not finite is a UserError,
 * but for a classifier of other classes, which is left out.
 */
export const readWeights = async (file: string, named: NamedNetwork): Promise<LoadedWeights> =>
  finiteWeightsIn(await readSafetensors(file), file, named);

/** The same of a file that was read, which `file` names. */
export const finiteWeightsIn = (read: Safetensors, file: string, named: NamedNetwork): LoadedWeights => {
  const loaded = weightsIn(read, file, named);
  for (const [path, values] of loaded.weights) {
    const odd = values.find((value) => !Number.isFinite(value));
    if (odd === undefined) continue;
    throw new UserError(
      `${file} gives ${path} the value ${odd}.`,
      'Name a file of finite weights, from a training that did not diverge.',
    );
  }
  return loaded;
};

/** The same, finite or not. */
export const weightsIn = ({ tensors }: Safetensors, file: string, named: NamedNetwork): LoadedWeights => {
  const keys = keysOf(named, tensors);
  const classifier = classifierOf(named.graph);
  const weights = new Map<string, Float32Array>();
  const left: string[] = [];
  for (const [parameter, key] of keys) {
    const tensor = tensors.get(key);
    const held = tensor?.shape.join('x') ?? '';
    if (tensor !== undefined && sameShape(tensor.shape, parameter.shape))
      weights.set(parameter.path, tensor.values);
    else if (tensor !== undefined && classifier.has(parameter.path)) left.push(parameter.path);
    else {
      throw new UserError(
        `${file} does not fit ${named.network}: ${tensor === undefined ? `it has no ${key}` : `${key} is ${held || 'one number'}, not ${parameter.shape.join('x')}`}.`,
        `Name a file of this network with the same options, under the names of lightbench, ${NAMINGS.join(' or ')}.`,
      );
    }
  }
  const used = new Set(keys.values());
  const stranger = [...tensors.keys()].find((key) => !used.has(key) && !key.endsWith('.num_batches_tracked'));
  if (stranger === undefined) return { weights, left };
  throw new UserError(
    `${file} does not fit ${named.network}, which has no ${stranger}.`,
    'Name a file of this network with the same options.',
  );
};

/** But for sides of 1 at the end: a linear layer is a convolution of one pixel. */
const sameShape = (theirs: readonly number[], ours: readonly number[]): boolean =>
  elementCount(theirs) === elementCount(ours) &&
  theirs.every((side, axis) => side === (ours[axis] ?? 1)) &&
  ours.every((side, axis) => side === (theirs[axis] ?? 1));

/** The dense layer that gives the output. */
const classifierOf = ({ nodes, output }: Graph): ReadonlySet<string> => {
  const last = nodes[output.id];
  return new Set(last?.op.kind === 'dense' ? [`${last.path}.weight`, `${last.path}.bias`] : []);
};

/** What each parameter is called in the file: under the names of which most are there. */
const keysOf = (
  { network, graph }: NamedNetwork,
  tensors: ReadonlyMap<string, ReadTensor>,
): ReadonlyMap<Parameter, string> => {
  const own = new Map(graphParameters(graph).map((parameter) => [parameter, parameter.path]));
  const foreign = NAMINGS.flatMap((naming) => {
    const names = foreignNames(naming, network, graph);
    return names === null ? [] : [new Map(names.map(({ parameter, key }) => [parameter, key]))];
  });
  const found = (keys: ReadonlyMap<Parameter, string>): number =>
    [...keys.values()].filter((key) => tensors.has(key)).length;
  return foreign.reduce((best, keys) => (found(keys) > found(best) ? keys : best), own);
};
