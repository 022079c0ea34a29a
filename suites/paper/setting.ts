/**
 * What the suites of the FalconNet paper (arXiv:2306.06365) share at each scale. The paper's recipe is not in our sources: this one
 * is ours, and so are stem, head and the small skeleton.
 */
import { type Scale, type SuiteSpec, steps } from '../suite.js';

type Setting = Pick<SuiteSpec, 'skeleton' | 'data' | 'recipe' | 'tuning' | 'seeds' | 'int8'>;

/** The paper says nothing of it; operators of its kind are feared to lose there. */
const INT8: SuiteSpec['int8'] = { calibration: 'min-max', images: 512, weights: 'per-channel' };

export const SETTINGS: Readonly<Record<Scale, Setting>> = {
  small: {
    skeleton: { preset: 'small', width: 2 },
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
    int8: INT8,
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
    int8: INT8,
  },
};

/**
 * For suites of whole networks: no learning rate suits all of them, and with that of LightNet's blocks a narrow network of another
 * family may hardly learn. Every candidate tries the same ones, in half the epochs or fewer.
 */
export const NETWORK_SETTINGS: typeof SETTINGS = {
  small: { ...SETTINGS.small, tuning: { learningRates: [0.05, 0.1, 0.2, 0.4, 0.8, 1.6], epochs: 6 } },
  imagenet: { ...SETTINGS.imagenet, tuning: { learningRates: [0.125, 0.25, 0.5, 1], epochs: 10 } },
};

/** Expansions in the regime that blocks are published in; those that leave no whole hidden width are passed over. */
export const expansions = (scale: Scale) =>
  scale === 'small'
    ? { option: 'expansion', values: [...new Set([...steps(2, 6, 1 / 16), ...steps(2, 6, 0.1)])] }
    : { option: 'expansion', values: steps(1 / 4, 24, 1 / 32) };

/** A small LightNet in which blocks with three spatial operators, or branches in training, still train in minutes. */
export const NARROW: Readonly<Record<Scale, SuiteSpec['skeleton']>> = {
  small: { preset: 'small', width: 1.25 },
  imagenet: SETTINGS.imagenet.skeleton,
};

/**
 * Whole networks are matched on parameters and on multiply-adds: the width of the layer before the classifier moves the first, that of
 * the whole network the second. The small images take their first stride away, so that all end on the same map.
 */
const HEAD_WIDTHS: Readonly<Record<Scale, readonly number[]>> = {
  small: [...steps(32, 512, 16), ...steps(544, 1280, 32)],
  imagenet: steps(64, 2048, 16),
};

/** Of a network that was published whole. */
export const networkKnobs = (scale: Scale) =>
  [
    { option: 'headWidth', values: HEAD_WIDTHS[scale] },
    { option: 'width', values: scale === 'small' ? steps(0.1, 0.6, 0.01) : steps(0.25, 1.5, 0.01) },
  ] as const;

/** Of LightNet and FalconNet, whose stages keep their ratios. */
export const lightnetKnobs = (scale: Scale) =>
  [
    { option: 'headWidth', values: HEAD_WIDTHS[scale] },
    { option: 'width', values: scale === 'small' ? steps(0.75, 5, 1 / 8) : steps(0.25, 3, 1 / 16) },
  ] as const;

/** A block in a whole LightNet of this scale, whose width is free. */
export const inLightNet = (scale: Scale, block: string): string => `lightnet(preset=${scale},block=${block})`;

/** A network as it takes images of this scale. */
export const published = (scale: Scale, network: string): string => `${network}(resolution=${scale})`;

/** Parameters and multiply-adds at once, each within 3 %. */
export const bothBudgets = (params: number, macs: number) =>
  [
    { metric: 'params', target: params, tolerance: 0.03 },
    { metric: 'macs', target: macs, tolerance: 0.03 },
  ] as const;
