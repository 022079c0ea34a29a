/**
 * From an ONNX file to a graph of ours, node by node: constants are folded, formulas that are activations recognised, layouts followed,
 * and what turns out to be unused left out.
 */
import { shown } from '../../graph/domain.js';
import type { Op } from '../../graph/operations/ops.js';
import type { MapShape } from '../../graph/shape.js';
import { UserError } from '../../user/user-error.js';
import { UNCHANGED } from './elementwise.js';
import type { FileNode } from './file-node.js';
import { fold } from './fold.js';
import { type OnnxFile, readOnnxFile } from './model.js';
import type { Operand } from './operand.js';
import { RULES } from './rules/registry.js';
import { located, Site, UNSUPPORTED } from './site.js';
import { type Imported, Sketch } from './sketch.js';
import { plainView } from './view.js';

/** An ONNX file that was read, ready to be built for an input. */
export interface OnnxNetwork {
  /** Sizes of one image; null where the file leaves them open. */
  readonly input: readonly [channels: number | null, height: number | null, width: number | null];
  /**
   * For images of this shape: a network, whose output is a vector, or a block, whose output is a map. `outputs` replaces the number of
   * outputs of the last dense layer, whose weights are then left out. Throws UserError naming the node, its operator and the reason where
   * something has no counterpart here.
   */
  build(input: MapShape, output: 'vector' | 'map', outputs?: number): Imported;
}

/** Throws UserError where the bytes are no ONNX model with one image in and one tensor out. */
export const importOnnx = (bytes: Uint8Array): OnnxNetwork => {
  const file = readOnnxFile(bytes);
  const [, channels = null, height = null, width = null] = file.input.shape;
  if (file.input.shape.length !== 4) {
    throw new UserError(
      `its input ${file.input.name} has ${file.input.shape.length} axes, not images x channels x height x width`,
      'Export a model that takes images.',
    );
  }
  return {
    input: [channels, height, width],
    build: (input, output, outputs) => buildNetwork(file, input, output, outputs),
  };
};

const buildNetwork = (
  file: OnnxFile,
  input: MapShape,
  output: 'vector' | 'map',
  outputs: number | undefined,
): Imported => {
  requireInput(file, input);
  const last = lastOf(file);
  if (output === 'vector' && last && PROBABILITIES.has(last.operator)) refuseProbabilities(last);
  const sketch = new Sketch(input);
  const operands = new Map<string, Operand>(file.constants);
  operands.set(file.input.name, {
    kind: 'variable',
    node: 0,
    view: plainView(input),
    formula: UNCHANGED,
  });
  const readers = readersOf(file);
  const tails = tailsOf(file, readers);
  const shared = new Map<string, string>();
  for (const node of needed(file)) {
    located(node, () => {
      requireOwnWeights(node, file, shared);
      const inputs = node.inputs.map((name) => operands.get(name));
      const missing = node.inputs.findIndex((name, i) => name !== '' && inputs[i] === undefined);
      if (missing >= 0) {
        throw new UserError(
          `it reads ${shown(node.inputs[missing])}, which nothing before it computes`,
          'Check the file with onnx.checker.',
        );
      }
      const site = new Site(
        node,
        inputs,
        sketch,
        tails.has(node),
        (index) => (readers.get(node.inputs[index] ?? '') ?? []).length === 1,
        node.outputs.flatMap((name) => (readers.get(name) ?? []).map((reader) => reader?.operator ?? '')),
      );
      const results = [applied(site)].flat() as readonly Operand[];
      for (const [i, result] of results.entries()) {
        const name = node.outputs[i] ?? '';
        if (name !== '') operands.set(name, result);
      }
    });
  }
  const result = operands.get(file.output);
  if (result?.kind !== 'variable') {
    throw new UserError(`its output ${file.output} does not depend on the image`, UNSUPPORTED);
  }
  const whole = sketch.whole(result);
  const id = output === 'map' ? sketch.asMap(whole, 'output') : sketch.asVector(whole, 'output');
  if (output === 'vector' && last && isProbability(sketch.at(sketch.settle(whole)).op))
    refuseProbabilities(last);
  return sketch.finish(outputs === undefined ? id : sketch.withOutputs(id, outputs));
};

const applied = (site: Site) => {
  if (site.inputs.every((input) => input === undefined || input.kind === 'constant')) return fold(site);
  const rule = Object.hasOwn(RULES, site.operator) ? RULES[site.operator] : undefined;
  if (rule) return rule(site);
  throw new UserError('lightbench has no counterpart of this operator', UNSUPPORTED);
};

const requireInput = ({ input: { shape } }: OnnxFile, input: MapShape): void => {
  const [, channels] = shape;
  if (channels === null || channels === undefined || channels === input[0]) return;
  throw new UserError(
    `it takes images of ${channels} channels, not of ${input[0]}`,
    `Use images of ${channels} channels, or export the model for ${input[0]}.`,
  );
};

/** The node that computes the output, before what only rearranges it. */
const lastOf = ({ nodes, output }: OnnxFile): FileNode | undefined => {
  const writers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  let last = writers.get(output);
  for (let i = 0; i < nodes.length && last && REARRANGING.has(last.operator); i += 1)
    last = writers.get(last.inputs[0] ?? '');
  return last;
};

/** Training and scores take the softmax of what a network gives. */
const refuseProbabilities = (last: FileNode): never =>
  located(last, () => {
    throw new UserError(
      'the network ends in it, and must give logits: training takes their softmax by itself',
      'Export the network without it.',
    );
  });

const PROBABILITIES: ReadonlySet<string> = new Set(['Softmax', 'LogSoftmax', 'Sigmoid', 'HardSigmoid']);

/** As such operators, or written out. */
const isProbability = (op: Op): boolean =>
  op.kind === 'activation' && (op.function === 'sigmoid' || op.function === 'hard-sigmoid');

const REARRANGING: ReadonlySet<string> = new Set([
  'Cast',
  'Dropout',
  'Flatten',
  'Identity',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** The nodes that read each tensor; the output is read once more. */
const readersOf = ({ nodes, output }: OnnxFile): ReadonlyMap<string, readonly (FileNode | null)[]> => {
  const readers = new Map<string, (FileNode | null)[]>([[output, [null]]]);
  for (const node of nodes) {
    for (const name of node.inputs) {
      const known = readers.get(name);
      if (known) known.push(node);
      else readers.set(name, [node]);
    }
  }
  return readers;
};

/** The nodes on which the output depends, in order. */
const needed = ({ nodes, output }: OnnxFile): readonly FileNode[] => {
  const names = new Set([output]);
  const used = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => names.has(name))) return false;
    for (const name of node.inputs) names.add(name);
    return true;
  });
  return used.reverse();
};

/** The nodes from which one line leads to the output, every node of it with one input that is not a constant of the file. */
const tailsOf = (
  file: OnnxFile,
  readers: ReadonlyMap<string, readonly (FileNode | null)[]>,
): ReadonlySet<FileNode> => {
  const tails = new Set<FileNode>();
  for (const node of file.nodes.toReversed()) {
    const next = node.outputs.flatMap((name) => readers.get(name) ?? []);
    const [reader, ...others] = next;
    if (others.length > 0 || reader === undefined) continue;
    if (reader === null || (tails.has(reader) && variableInputs(reader, file) === 1)) tails.add(node);
  }
  return tails;
};

const variableInputs = ({ inputs }: FileNode, { constants, nodes }: OnnxFile): number =>
  inputs.filter(
    (name) =>
      name !== '' &&
      !constants.has(name) &&
      !nodes.some(
        ({ outputs, inputs: sources }) =>
          outputs.includes(name) && sources.every((source) => constants.has(source)),
      ),
  ).length;

/** Layers that share a kernel would become two, each with its own. Exporters store other weights once where they are equal. */
const requireOwnWeights = (node: FileNode, file: OnnxFile, owners: Map<string, string>): void => {
  const [, name = ''] = node.inputs;
  if (!['Conv', 'Gemm'].includes(node.operator) || !file.constants.has(name)) return;
  const owner = owners.get(name);
  if (owner !== undefined) {
    throw new UserError(
      `it shares the weight ${shown(name)} with ${shown(owner)}`,
      'Layers that share weights have no counterpart here.',
    );
  }
  owners.set(name, node.name);
};
