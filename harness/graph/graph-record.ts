/** A graph as plain data that JSON carries, and back: how a network travels to a machine that has not its source. */
import { z } from 'zod';
import { UserError } from '../user/user-error.js';
import { Draft, MOST_NODES, type Value } from './build/draft.js';
import type { Graph } from './graph.js';
import { requireAttributes, requireKind } from './operations/op-domains.js';
import type { Op } from './operations/ops.js';
import type { Shape } from './shape.js';
import { requireSmallOutput } from './sizes.js';

const LONGEST_PATH = 10_000;

const path = z.string().min(1).max(LONGEST_PATH);

/** Its operations and shapes are checked when it is read back. */
export const graphRecordSchema = z.strictObject({
  nodes: z
    .array(
      z.strictObject({
        path,
        op: z.unknown(),
        inputs: z.array(z.int().min(0)).max(MOST_NODES),
        block: path.exactOptional(),
      }),
    )
    .min(1)
    .max(MOST_NODES),
  /** The node that gives the output. */
  output: z.int().min(0),
  /** Hash of the weights that training starts from, which stay where they are. */
  initial: z.string().max(64).exactOptional(),
});

export type GraphRecord = z.infer<typeof graphRecordSchema>;

/** Nodes in their order; ids are positions, and shapes follow from the operations. */
export const graphRecord = ({ nodes, output, initial }: Graph): GraphRecord => ({
  nodes: nodes.map(({ path: where, op, inputs, block }) => ({
    path: where,
    op,
    inputs: [...inputs],
    ...(block === undefined ? {} : { block }),
  })),
  output: output.id,
  ...(initial === undefined ? {} : { initial: initial.digest }),
});

/** Built anew, node by node. Throws UserError naming the node that is none: its operation, an attribute, an input, a shape. */
export const graphOf = ({ nodes, output, initial }: GraphRecord): Graph => {
  const draft = new Draft();
  const values: Value<Shape>[] = [];
  const valueAt = (id: number, where: string): Value<Shape> => {
    const value = values[id];
    if (value) return value;
    throw new UserError(
      `${where} reads node ${id}, which is not before it.`,
      'Nodes must be in topological order.',
    );
  };
  for (const { path: where, op, inputs, block } of nodes) {
    requireOp(op, where);
    const value = draft.add(
      where,
      op,
      inputs.map((id) => valueAt(id, where)),
      block,
    );
    requireSmallOutput(value.shape, () => where);
    values.push(value);
  }
  const graph = draft.finish(valueAt(output, 'The output'));
  return initial === undefined ? graph : { ...graph, initial: { digest: initial, values: elsewhere } };
};

const elsewhere = (): never => {
  throw new UserError(
    'The weights that training starts from are not here, but where the run was planned.',
    'Run without --redis, or start from random weights.',
  );
};

function requireOp(op: unknown, where: string): asserts op is Op {
  requireKind(op, where);
  requireAttributes(op, () => `${where} (${op.kind})`);
}
