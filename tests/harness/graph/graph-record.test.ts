import { describe, expect, it } from 'vitest';
import { graphOf, graphRecord, graphRecordSchema } from '../../../harness/graph/graph-record.js';
import { fingerprint, skeletonFingerprint } from '../../../harness/graph/print.js';
import { CATALOGUE } from '../../support/catalogue.js';
import { OP_GRAPHS } from '../../support/op-graphs.js';
import { refusalOf } from '../../support/refusal.js';

const sent = (record: unknown): unknown => JSON.parse(JSON.stringify(record));

const ALL = [
  ...CATALOGUE,
  ...Object.entries(OP_GRAPHS).flatMap(([kind, examples]) =>
    Object.entries(examples).map(([name, graph]) => [`${kind}, ${name}`, graph] as const),
  ),
];

describe('a graph record', () => {
  it.each(ALL)('of %s gives the very same graph', (_id, graph) => {
    const again = graphOf(graphRecordSchema.parse(sent(graphRecord(graph))));
    expect(again).toEqual(graph);
    expect(fingerprint(again)).toBe(fingerprint(graph));
    expect(skeletonFingerprint(again)).toBe(skeletonFingerprint(graph));
  });
});

describe('a record that is no graph', () => {
  const valid = () => ({
    nodes: [
      { path: 'input', op: { kind: 'input', shape: [3, 4, 4] }, inputs: [] as number[] },
      { path: 'a', op: { kind: 'activation', function: 'relu' } as unknown, inputs: [0] },
    ],
    output: 1,
  });
  const withOp = (op: unknown) => {
    const record = valid();
    return { ...record, nodes: record.nodes.map((node, i) => (i === 1 ? { ...node, op } : node)) };
  };
  const refusalOfRecord = (record: ReturnType<typeof valid>) =>
    refusalOf(() => graphOf(graphRecordSchema.parse(sent(record))));

  it('is refused by name: its operation, an attribute, an input, a shape', async () => {
    expect(graphOf(graphRecordSchema.parse(valid())).nodes).toHaveLength(2);
    expect(await refusalOfRecord(withOp({ kind: 'toString' }))).toContain('a holds no known operation');
    expect(await refusalOfRecord(withOp({ kind: 'activation', function: 'swish' }))).toContain(
      'a (activation)',
    );
    expect(await refusalOfRecord(withOp({ kind: 'activation', function: 'relu', more: 1 }))).toContain(
      'more',
    );
    expect(await refusalOfRecord(withOp(null))).toContain('no known operation');
    expect(await refusalOfRecord(withOp(JSON.parse('{"__proto__":{"kind":"add"}}')))).toContain(
      'no known operation',
    );
    expect(await refusalOfRecord(withOp({ kind: 'dense', outFeatures: 3, bias: true }))).toContain(
      'a (dense)',
    );
    expect(await refusalOfRecord({ ...valid(), output: 2 })).toContain('not before it');
    const circular = valid();
    circular.nodes[1]?.inputs.splice(0, 1, 1);
    expect(await refusalOfRecord(circular)).toContain('a reads node 1, which is not before it');
  });
});
