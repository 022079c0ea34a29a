import { beforeAll, describe, expect, it } from 'vitest';
import { evaluationBatches } from '../../../../harness/data/batches/batches.js';
import type { Dataset } from '../../../../harness/data/dataset.js';
import { FITS, type Fit, fitted, requireFit } from '../../../../harness/data/images/fit.js';
import { resampler } from '../../../../harness/data/images/resample.js';
import { loadDataset } from '../../../../harness/data/registry.js';
import { refusalOf } from '../../../support/refusal.js';

let dataset: Dataset;

beforeAll(async () => {
  dataset = await loadDataset('synthetic');
});

const accepts = (size: number, fit?: Fit): boolean => {
  try {
    requireFit(dataset, size, fit);
    return true;
  } catch {
    return false;
  }
};

describe('a size', () => {
  it('is taken as it is where images of 12 pixels lose none and are not mostly black', () => {
    const sizes = Array.from({ length: 40 }, (_, i) => i + 1);
    expect(sizes.filter((size) => accepts(size))).toEqual(sizes.filter((size) => size >= 12 && size <= 24));
    expect(sizes.filter((size) => accepts(size, 'pad'))).toEqual(sizes.filter((size) => size >= 12));
    expect(sizes.filter((size) => accepts(size, 'crop'))).toEqual(sizes.filter((size) => size <= 12));
    expect(sizes.filter((size) => accepts(size, 'scale'))).toEqual(sizes);
  });

  it('is refused with what else can be said', async () => {
    const refusal = (size: number, fit?: Fit) => refusalOf(() => requireFit(dataset, size, fit));
    expect(await refusal(6)).toMatch(
      /^Size 6 is too small for the 12x12 images of synthetic\. .*'scale'.*'crop'.* at least 12\.$/,
    );
    expect(await refusal(6, 'pad')).toBe(await refusal(6));
    expect(await refusal(48)).toMatch(/^Size 48 pads .* with black: 94 % of the input .*'pad'.*'scale'\.$/);
    expect(await refusal(13, 'crop')).toMatch(
      /^Nothing to crop: size 13 is no smaller than .*'pad' or 'scale'/,
    );
  });

  it('stands for itself where images have sizes of their own', async () => {
    const folder = { ...dataset, id: 'photos', imageSize: null };
    requireFit(folder, 224);
    for (const fit of FITS) {
      expect(await refusalOf(() => requireFit(folder, 224, fit))).toMatch(
        /photos vary in size and are always scaled.* Remove data\.fit\.$/,
      );
    }
  });
});

describe('a fitted data set', () => {
  it('is the same where images are padded or cropped, which painting does', () => {
    for (const fit of [undefined, 'pad', 'crop'] as const) expect(fitted(dataset, 6, fit)).toBe(dataset);
  });

  it('shows every image resampled, in all splits, and nothing else changed', () => {
    for (const size of [6, 12, 30]) {
      const scaled = fitted(dataset, size, 'scale');
      const resample = resampler([12, 12], 1, size);
      expect({ ...scaled, splits: null }).toEqual({ ...dataset, splits: null, imageSize: [size, size] });
      for (const split of ['train', 'validation', 'test'] as const) {
        const [before, after] = [dataset.splits[split], scaled.splits[split]];
        expect(after.labels).toBe(before.labels);
        if (!('read' in before && 'read' in after)) throw new Error('Its images are not stored.');
        expect(after.read(3)).toEqual(resample(before.read(3)));
      }
    }
  });

  it('fills the canvas that networks see', async () => {
    const [padded] = await Promise.all(evaluationBatches(dataset, 'test', { batch: 1, size: 24 }));
    const [scaled] = await Promise.all(
      evaluationBatches(fitted(dataset, 24, 'scale'), 'test', { batch: 1, size: 24 }),
    );
    const [mean = 0] = dataset.mean;
    const [deviation = 1] = dataset.deviation;
    const black = Math.fround((0 - mean) / deviation);
    const blackShare = (images?: Float32Array): number =>
      (images ?? new Float32Array()).filter((value) => value === black).length / (24 * 24);
    expect(blackShare(padded?.images)).toBeGreaterThanOrEqual(0.75);
    expect(blackShare(scaled?.images)).toBeLessThan(0.25);
  });
});
