import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../harness/graph/build/builder.js';
import { dequantise, quantise, uint8Affine } from '../../../harness/quantise/affine.js';
import {
  calibrate,
  calibrationBatch,
  requireCalibrationImages,
} from '../../../harness/quantise/calibrate.js';
import { calibratedNodes } from '../../../harness/quantise/layout.js';
import { CALIBRATIONS, type Calibration } from '../../../results/training/int8.js';
import { normalSource } from '../../support/simulation.js';

const graph = (() => {
  const g = GraphBuilder.create();
  const x = g.input([1, 4, 4]);
  return g.finish(g.conv2d('c', x, { outChannels: 1, kernel: 1 }));
})();

/** Normal values, of which a few are far off; some of the values are those of the second batch alone. */
const batches = (): Float32Array[] => {
  const normal = normalSource(3);
  return [0, 1].map((batch) =>
    Float32Array.from({ length: 40_000 }, (_, i) => (batch === 1 && i === 7 ? 60 : normal())),
  );
};

const NODES = calibratedNodes(graph);

/** As if every value were the images themselves. */
const observe = async (images: Float32Array) => new Map(NODES.map((id) => [id, images]));

const rangeBy = async (method: Calibration) => {
  const ranges = await calibrate(graph, method, observe, batches);
  return ranges.get(NODES[0] ?? -1) ?? [Number.NaN, Number.NaN];
};

const errorOf = (range: readonly [number, number]): number => {
  const affine = uint8Affine(range);
  const values = batches().flatMap((batch) => [...batch]);
  return values.reduce((sum, value) => sum + (value - dequantise(quantise(value, affine), affine)) ** 2, 0);
};

describe('calibrate', () => {
  it('takes the least and the largest value of all batches by min-max', async () => {
    const values = batches().flatMap((batch) => [...batch]);
    expect(await rangeBy('min-max')).toEqual([values.reduce((a, b) => Math.min(a, b)), 60]);
  });

  it.each(['percentile', 'entropy'] as const)('leaves a value that is far off out by %s', async (method) => {
    const [low, high] = await rangeBy(method);
    expect(high).toBeLessThan(15);
    expect(high).toBeGreaterThan(2);
    expect(low).toBeLessThan(-2);
  });

  it('has the least square error of all methods by mse, to the width of a step of its search', async () => {
    const errors = new Map<Calibration, number>();
    for (const method of CALIBRATIONS) errors.set(method, errorOf(await rangeBy(method)));
    const best = Math.min(...errors.values());
    expect(errors.get('mse')).toBeLessThanOrEqual(1.1 * best);
  });

  it.each(CALIBRATIONS)('keeps the range of a value that never changes by %s', async (method) => {
    const ranges = await calibrate(graph, method, observe, () => [new Float32Array(100).fill(2)]);
    expect([...ranges.values()]).toEqual(NODES.map(() => [2, 2]));
  });
});

describe('calibration images', () => {
  it('are refused where there are fewer than asked for', () => {
    expect(() => requireCalibrationImages(512, 100)).toThrow(/512 images, but only 100/);
  });

  it('come in batches that leave no rest', () => {
    for (const images of [16, 17, 100, 512, 1000]) expect(images % calibrationBatch(images)).toBe(0);
  });
});
