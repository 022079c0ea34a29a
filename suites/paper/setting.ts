/**
 * What the suites of the FalconNet paper (arXiv:2306.06365) share at each scale. The paper's recipe is not in our sources: this one
 * is ours, and so are stem, head and the small skeleton.
 */
import { type Scale, type SuiteSpec, steps } from '../suite.js';

type Setting = Pick<SuiteSpec, 'skeleton' | 'data' | 'recipe' | 'tuning' | 'seeds'>;

export const SETTINGS: Readonly<Record<Scale, Setting>> = {
  small: {
    skeleton: { preset: 'small', stemWidth: 16, widths: [16, 32, 64, 128], headWidth: 256 },
    data: { dataset: 'fashion-mnist-10k', size: 32 },
    recipe: {
      epochs: 12,
      batch: 64,
      learningRate: 0.2,
      warmupEpochs: 1,
      labelSmoothing: 0.1,
      augmentation: { flip: true, shift: 2 },
    },
    seeds: 3,
  },
  imagenet: {
    skeleton: { preset: 'imagenet' },
    data: { dataset: 'image-folder', size: 224 },
    recipe: {
      epochs: 100,
      batch: 256,
      learningRate: 0.5,
      warmupEpochs: 5,
      weightDecay: 4e-5,
      labelSmoothing: 0.1,
      augmentation: { flip: true, shift: 0, crop: 'random-resized' },
    },
    seeds: 3,
  },
};

/**
 * For suites of whole networks: no learning rate suits all of them, and with that of LightNet's blocks a narrow network of another
 * family may hardly learn. Every candidate tries the same ones, in half the epochs or fewer.
 */
export const NETWORK_SETTINGS: typeof SETTINGS = {
  small: { ...SETTINGS.small, tuning: { learningRates: [0.05, 0.1, 0.2, 0.4], epochs: 6 } },
  imagenet: { ...SETTINGS.imagenet, tuning: { learningRates: [0.125, 0.25, 0.5, 1], epochs: 10 } },
};

/** Expansions that keep every stage's hidden width whole. */
export const expansions = (scale: Scale) =>
  scale === 'small'
    ? { option: 'expansion', values: steps(1 / 4, 24, 1 / 16) }
    : { option: 'expansion', values: steps(1 / 4, 24, 1 / 32) };

export const widths = { option: 'width', values: steps(0.05, 1.5, 0.01) };
