import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { convBn } from '../../../blocks/conv-bn.js';
import { listDefinitions } from '../../../blocks/lookup.js';
import { peakMemory, weightBytes } from '../../../harness/cost/memory.js';
import { leastPeak, type Step } from '../../../harness/cost/peak-order.js';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';

/** By trying every order, with what is kept told from scratch at each step. */
const leastOfAllOrders = (steps: readonly Step[]): number => {
  const at = (step: number): Step => steps[step] as Step;
  const isKept = (step: number, done: readonly number[]): boolean =>
    done.includes(step) &&
    (step === steps.length - 1 ||
      steps.some(({ reads }, other) => reads.includes(step) && !done.includes(other)));
  const kept = (done: readonly number[]): readonly number[] =>
    steps.flatMap((_, step) => (isKept(step, done) ? [step] : []));
  const sum = (all: readonly number[]): number => all.reduce((values, step) => values + at(step).values, 0);
  const from = (done: readonly number[], peak: number): number => {
    if (done.length === steps.length) return peak;
    const ready = steps.flatMap(({ reads }, step) =>
      !done.includes(step) && reads.every((read) => done.includes(read)) ? [step] : [],
    );
    return Math.min(
      ...ready.map((step) => {
        const dies = at(step).reads.filter((read) => !isKept(read, [...done, step]));
        const isPlaced = at(step).isInPlace && dies.some((read) => at(read).values >= at(step).values);
        const during = sum(kept(done)) + (isPlaced ? 0 : at(step).values);
        return from([...done, step], Math.max(peak, during));
      }),
    );
  };
  return from([0], at(0).values);
};

/** Up to seven steps, each reading some before it; whatever nobody reads, the last one does. */
const parts = fc
  .array(
    fc.record({
      values: fc.integer({ min: 1, max: 9 }),
      reads: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
      isInPlace: fc.boolean(),
    }),
    { minLength: 2, maxLength: 7 },
  )
  .map((drawn): readonly Step[] => {
    const steps = drawn.map((step, i) => ({
      ...step,
      reads: i === 0 ? [] : [...new Set(step.reads.map((read) => read % i))],
    }));
    const unread = steps
      .slice(0, -1)
      .flatMap((_, i) => (steps.some(({ reads }) => reads.includes(i)) ? [] : [i]));
    return steps.map((step, i) =>
      i === steps.length - 1 ? { ...step, reads: [...new Set([...step.reads, ...unread])] } : step,
    );
  });

describe('peak memory', () => {
  it('is the least of all orders', () => {
    fc.assert(
      fc.property(parts, (steps) => {
        const { values, isLeast } = leastPeak({ steps });
        expect(isLeast).toBe(true);
        expect(values).toBe(leastOfAllOrders(steps));
      }),
      { numRuns: 500 },
    );
  });

  it('is of MobileNetV2 what MCUNetV2 publishes: 1372 kB in int8, depthwise in place (arXiv:2110.15352, Fig. 1)', () => {
    const { graph } = deployForm(buildNetwork('mobilenet-v2', { input: [3, 224, 224], classes: 1000 }));
    expect(peakMemory(graph, 'in place').values).toBe(1372 * 1024);
    // The depthwise convolution of stride 2 beside its input: 96 maps of 112x112 and of 56x56.
    expect(peakMemory(graph)).toEqual({
      values: 96 * (112 ** 2 + 56 ** 2),
      path: 'stages.1.blocks.0.spatial2.conv',
      isLeast: true,
    });
  });

  it('keeps a shortcut until it is added, and adds in place', () => {
    const g = GraphBuilder.create();
    const x = g.input([4, 8, 8]);
    const wide = g.conv2d('wide', x, { outChannels: 16, kernel: 1 });
    const act = g.activation('act', wide, 'relu');
    const narrow = g.conv2d('narrow', act, { outChannels: 4, kernel: 1 });
    const graph = g.finish(g.flatten('flatten', g.add('sum', x, narrow)));
    expect(peakMemory(graph)).toEqual({ values: 64 * (4 + 16 + 4), path: 'narrow', isLeast: true });
  });

  it('is known to be the least of every published network in deploy form', () => {
    for (const { id } of listDefinitions('network')) {
      const { graph } = deployForm(buildNetwork(id, { input: [3, 224, 224], classes: 1000 }));
      const beside = peakMemory(graph);
      const inPlace = peakMemory(graph, 'in place');
      expect({ id, isLeast: [beside.isLeast, inPlace.isLeast] }).toEqual({ id, isLeast: [true, true] });
      expect(inPlace.values).toBeLessThanOrEqual(beside.values);
    }
  });

  it('counts a byte a weight, and four a bias', () => {
    const g = GraphBuilder.create();
    const y = g.conv2d('conv', g.input([3, 4, 4]), { outChannels: 5, kernel: 3, bias: true });
    expect(weightBytes(g.finish(y))).toBe(5 * 27 + 4 * 5);
  });

  it('counts no fewer bytes of weights before batch norms are folded than after', () => {
    const g = GraphBuilder.create();
    const train = g.finish(convBn(g, g.input([3, 4, 4]), { outChannels: 5, kernel: 3 }));
    expect(weightBytes(train)).toBe(5 * 27 + 5 + 4 * 5);
    expect(weightBytes(deployForm(train).graph)).toBe(5 * 27 + 4 * 5);
  });
});
