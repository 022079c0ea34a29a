/** Lists of tensors, which PyTorch's new exporter writes for `split` and `chunk`, as the outputs of one Split. */
import type { FileNode } from './file-node.js';
import type { Constant } from './operand.js';

/**
 * The nodes, each SplitToSequence whose pieces are taken by constant places replaced by a Split at its position. Pieces of one size are a
 * `chunk` there.
 */
export const withoutSequences = (
  nodes: readonly FileNode[],
  constants: ReadonlyMap<string, Constant>,
): readonly FileNode[] => {
  const known = new Map(constants);
  for (const { operator, outputs, attributes } of nodes) {
    const value = attributes.get('value');
    if (operator === 'Constant' && typeof value === 'object' && 'kind' in value)
      known.set(outputs[0] ?? '', value);
    const list = attributes.get('value_ints') ?? attributes.get('value_int');
    if (operator === 'Constant' && list !== undefined) {
      const values = Array.isArray(list) ? list : [Number(list)];
      known.set(outputs[0] ?? '', { kind: 'constant', shape: [values.length], values, isWhole: true });
    }
  }
  const pieces = nodes.filter(({ operator }) => operator === 'SequenceAt');
  const replaced = new Set<FileNode>();
  const result = nodes.map((node) => {
    if (node.operator !== 'SplitToSequence') return node;
    const [sequence = ''] = node.outputs;
    const readers = nodes.filter(({ inputs }) => inputs.includes(sequence));
    const taken = pieces.filter(({ inputs }) => inputs[0] === sequence);
    const split = known.get(node.inputs[1] ?? '');
    const places = taken.map(({ inputs }) => known.get(inputs[1] ?? '')?.values[0] ?? -1);
    if (!split || taken.length < readers.length || places.some((place) => place < 0)) return node;
    const outputs = Array.from({ length: Math.max(...places) + 1 }, (_, i) => `${sequence}_${i}`);
    for (const [i, piece] of taken.entries()) {
      outputs[places[i] ?? 0] = piece.outputs[0] ?? '';
      replaced.add(piece);
    }
    const [chunk = 1] = Array.from(split.values);
    if (split.shape.length === 1) return { ...node, operator: 'Split', outputs };
    const attributes = new Map([...node.attributes, ['chunk', chunk] as const]);
    return { ...node, operator: 'Split', inputs: node.inputs.slice(0, 1), attributes, outputs };
  });
  return result.filter((node) => !replaced.has(node));
};
