import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { requireBatchStatistics } from '../../../harness/graph/batch-statistics.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import { randomValues, randomWeights } from '../../support/random.js';
import { referenceOutput } from '../../support/reference.js';
import { refusalOf } from '../../support/refusal.js';

const CHANNELS = 3;

const normOn = (height: number, width: number) => {
  const g = GraphBuilder.create();
  const x = g.input([CHANNELS, height, width]);
  return g.finish(g.scope('squeeze').batchNorm('bn', g.activation('act', x, 'silu')));
};

/** Whether the network in training gives the same for two inputs. */
const isConstant = (height: number, width: number, batch: number, seed: number): boolean => {
  const graph = normOn(height, width);
  const weights = randomWeights(graph, seed);
  const [a = [], b = []] = [1, 2].map((i) => {
    const input = randomValues(batch * CHANNELS * height * width, seed + i);
    return [...referenceOutput(graph, weights, input, { batch, mode: 'training' })];
  });
  return a.every((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) < 1e-9);
};

describe('a training batch', () => {
  it('is refused exactly where a batch norm gives a constant, with the norm', async () => {
    const size = fc.integer({ min: 1, max: 3 });
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.nat(), async (height, width, batch, seed) => {
        const check = () => requireBatchStatistics(normOn(height, width), batch);
        if (isConstant(height, width, batch, seed)) {
          expect(await refusalOf(check)).toBe(
            'squeeze.bn: in training, this batch norm would normalise a single value (batch 1, map 1x1) to a constant. ' +
              'Use a batch of 2 or more, or larger images.',
          );
        } else {
          expect(check).not.toThrow();
        }
      }),
    );
  });

  it('of one image trains a network whose norms all see several pixels, and no other', async () => {
    const lightnet = (size: number) =>
      buildNetwork('lightnet(preset=small)', { input: [1, size, size], classes: 10 });
    expect(() => requireBatchStatistics(lightnet(32), 1)).not.toThrow();
    expect(await refusalOf(() => requireBatchStatistics(lightnet(16), 1))).toMatch(/^stages\.3\./);
    expect(() => requireBatchStatistics(lightnet(16), 2)).not.toThrow();
  });
});
