/** A graph as text that a person can read and a diff can compare, and its fingerprints. */
import { createHash } from 'node:crypto';
import { consumersOf, type Graph, type GraphNode, nodeAt } from './graph.js';
import type { Op } from './operations/ops.js';
import { formatShape } from './shape.js';

/** One line a node: path, operation with its attributes, inputs, output shape. */
export const printGraph = (graph: Graph): string => {
  const rows = graph.nodes.map((node) => [
    node.path,
    printOp(node.op),
    printInputs(graph, node),
    formatShape(node.shape),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
};

/** Hash of structure, attributes and paths, without weights, but for those that training starts from. */
export const fingerprint = (graph: Graph): string =>
  hash([
    ...graph.nodes.map((node) => printNode(graph, node)),
    ...(graph.initial === undefined ? [] : [`initial ${graph.initial.digest}`]),
  ]);

/**
 * Hash of the network without the basic blocks under test: each block counts as one opaque node with its path and its
 * output shape. Candidates are comparable only where this is equal.
 */
export const skeletonFingerprint = (graph: Graph): string => {
  const lines = graph.nodes
    .filter((node) => node.block === undefined)
    .map((node) => printNode(graph, node, blockOf));
  const consumers = consumersOf(graph);
  const leavesBlock = (node: GraphNode): boolean =>
    node.id === graph.output.id ||
    (consumers[node.id] ?? []).some((reader) => nodeAt(graph, reader).block !== node.block);
  const blocks = graph.nodes.filter((node) => node.block !== undefined && leavesBlock(node));
  return hash([...lines, ...blocks.map((node) => `${node.block} block ${formatShape(node.shape)}`)]);
};

const blockOf = (node: GraphNode): string => node.block ?? node.path;

const hash = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 16);

const printNode = (
  graph: Graph,
  node: GraphNode,
  name: (node: GraphNode) => string = (n) => n.path,
): string =>
  [name(node), printOp(node.op), printInputs(graph, node, name), formatShape(node.shape)].join(' ');

const printInputs = (
  graph: Graph,
  node: GraphNode,
  name: (node: GraphNode) => string = (n) => n.path,
): string =>
  node.inputs.length === 0 ? '' : `<- ${node.inputs.map((id) => name(nodeAt(graph, id))).join(', ')}`;

/** The operation's kind and its attributes, `key=value`, pairs as 3x3. */
export const printOp = (op: Op): string => {
  const attributes = Object.entries(op).filter(([key]) => key !== 'kind');
  return [op.kind, ...attributes.map(([key, value]) => `${key}=${printAttribute(value)}`)].join(' ');
};

const printAttribute = (value: unknown): string => (Array.isArray(value) ? value.join('x') : String(value));
