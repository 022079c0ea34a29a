/** The gate of re-parameterisation, over everything that is registered and every place that it admits. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listDefinitions } from '../../../blocks/lookup.js';
import type { PartKind } from '../../../blocks/part.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { anyGraph } from '../../support/any-graph.js';
import { differenceOfForms } from '../../support/forms.js';

/** Weights are rounded to float32 once; everything else is float64. */
const ROUNDING = 1e-6;

const RUNS = { numRuns: 20 };

const kindsOf = ({ nodes }: Graph): readonly string[] => nodes.map(({ op }) => op.kind);

const convolutions = (graph: Graph): number => kindsOf(graph).filter((kind) => kind === 'conv2d').length;

const parts = listDefinitions()
  .filter(({ kind }) => kind !== 'network')
  .map((definition) => [definition.id, definition] as const);

describe.each(parts)('%s, whatever its options, channels, map and stride', (_id, definition) => {
  it('has a deploy form without batch norms and of no more convolutions that computes the same', () => {
    fc.assert(
      fc.property(anyGraph(definition), fc.integer(), (trained, seed) => {
        const deployed = deployForm(trained).graph;
        expect(kindsOf(deployed)).not.toContain('batchNorm');
        expect(convolutions(deployed)).toBeLessThanOrEqual(convolutions(trained));
        expect(differenceOfForms(trained, seed)).toBeLessThan(ROUNDING);
      }),
      RUNS,
    );
  });
});

const mergeable = (kind: PartKind) =>
  listDefinitions(kind)
    .filter((definition) => definition.mergeable)
    .map((definition) => [definition.id, definition] as const);

describe('what says that it is mergeable', () => {
  it.each(mergeable('spatial'))(
    '%s is one convolution at inference, or what is left of one norm',
    (_id, part) => {
      fc.assert(
        fc.property(anyGraph(part), (trained) => {
          const [, ...operations] = kindsOf(deployForm(trained).graph);
          expect(operations).toHaveLength(1);
          expect(['conv2d', 'scale']).toContain(operations[0]);
        }),
      );
    },
  );

  it.each(mergeable('channel'))('%s is convolutions and permutations in a row at inference', (_id, part) => {
    fc.assert(
      fc.property(anyGraph(part), (trained) => {
        const { nodes } = deployForm(trained).graph;
        for (const { inputs } of nodes.slice(1)) expect(inputs).toHaveLength(1);
      }),
    );
  });

  it.each(mergeable('block'))('%s sums nothing but its shortcut at inference', (_id, part) => {
    fc.assert(
      fc.property(anyGraph(part), (trained) => {
        const sums = deployForm(trained).graph.nodes.filter(({ op }) => op.kind === 'add');
        expect(sums.length).toBeLessThanOrEqual(1);
        for (const { inputs } of sums) expect(inputs).toHaveLength(2);
      }),
    );
  });
});
