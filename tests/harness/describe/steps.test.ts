import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { stepsOf } from '../../../harness/describe/steps.js';
import { CATALOGUE } from '../../support/catalogue.js';

const printed = (choice: string) =>
  stepsOf(buildAlone(choice, [16, 8, 8])).map(({ count, operation, after, inputs }) =>
    `${count} ${[operation, ...after].join(' ')} <- ${inputs.join(' ')}`.trim(),
  );

describe('the steps of a graph', () => {
  it('take the norm and the activation along', () => {
    expect(printed('inverted-residual(expansion=2,squeeze=0.25)')).toEqual([
      '1 input <-',
      '1 conv 1x1 BN relu <- 0',
      '1 depthwise 3x3 BN relu <- 1',
      '1 global average <- 2',
      '1 conv 1x1 relu <- 3',
      '1 conv 1x1 sigmoid <- 4',
      '1 multiply <- 2 5',
      '1 conv 1x1 BN <- 6',
      '1 add <- 0 7',
    ]);
  });

  it('count what is alike and parallel', () => {
    expect(printed('refco(kernel=8,firstBranches=3,secondBranches=2)')).toEqual([
      '1 input <-',
      '3 conv 1x1 in 2 groups BN <- 0',
      '1 add <- 1',
      '1 permute by 2 <- 2',
      '2 conv 1x1 in 4 groups BN <- 3',
      '1 add <- 4',
    ]);
  });

  it('keep apart what is parallel and not alike, and a norm of the input', () => {
    expect(printed('repvgg-depthwise')).toEqual([
      '1 input <-',
      '1 depthwise 3x3 BN <- 0',
      '1 depthwise 1x1 BN <- 0',
      '1 BN <- 0',
      '1 add <- 1 2 3',
    ]);
  });

  it.each(CATALOGUE)('of %s hold every operation once, in topological order', (_id, graph) => {
    const steps = stepsOf(graph);
    const operations = steps.reduce((sum, { count, after }) => sum + count * (1 + after.length), 0);
    expect(operations).toBe(graph.nodes.length);
    steps.forEach(({ id, inputs }, place) => {
      expect(id).toBe(place);
      for (const input of inputs) expect(input).toBeLessThan(id);
    });
    expect(steps.at(-1)?.shape).toEqual(graph.output.shape);
  });
});
