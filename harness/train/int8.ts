/** A trained network in int8: calibrated on images that it was trained on, and tested. */
import type { Int8Result, Int8Setting } from '../../results/training/int8.js';
import { calibrationBatches } from '../data/batches/calibration-batches.js';
import type { Dataset } from '../data/dataset.js';
import type { Int8Engine } from '../engines/engine.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import { calibrate, calibrationBatch, type Observe } from '../quantise/calibrate.js';
import { biasCorrected, correctedNodes, withBiasesOf } from '../quantise/correct-bias.js';
import { equalised } from '../quantise/equalise/equalise.js';
import { calibratedNodes } from '../quantise/layout.js';
import { floatOperations, type Int8Form, int8Form, int8WeightBytes } from '../quantise/quantise.js';
import { evaluatePredictor } from './evaluate.js';
import { type FineTuningOptions, fineTuned } from './fine-tune.js';
import { packBits } from './pack-bits.js';

/** What a network is calibrated on, and how. */
export interface CalibrationOptions {
  readonly setting: Int8Setting;
  readonly dataset: Dataset;
  /** Height and width that the network sees. */
  readonly size: number;
  /** As for training: of which images calibration takes its own. */
  readonly trainImages: number;
  readonly threads: number;
  /** How the network was trained, for settings with fine-tuning. */
  readonly training?: Pick<FineTuningOptions, 'recipe' | 'seed' | 'onStep'>;
}

/**
 * The int8 form of a deploy form, fine-tuned where the setting asks for it. Throws UserError where the network's values are not finite, as
 * fineTuned does, and RangeError where fine-tuning does not know how the network was trained.
 */
export const calibratedForm = async (
  int8: Int8Engine,
  graph: Graph,
  trained: Weights,
  { setting, dataset, size, trainImages, threads, training }: CalibrationOptions,
): Promise<Int8Form> => {
  const { calibration, images, weights: weightScale } = setting;
  const weights = setting.equalise ? equalised(graph, trained) : trained;
  const batch = calibrationBatch(images);
  const batches = () => calibrationBatches(dataset, { images, batch, size, trainImages });
  const observing = async <T>(
    nodes: readonly number[],
    look: (observe: Observe) => Promise<T>,
  ): Promise<T> => {
    const observer = await int8.createObserver(graph, weights, nodes, { batch, threads });
    try {
      return await look((pixels) => observer.run(pixels));
    } finally {
      await observer.dispose();
    }
  };
  const ranges = await observing(calibratedNodes(graph), (observe) =>
    calibrate(graph, calibration, observe, batches),
  );
  const calibrated = int8Form(graph, weights, ranges, weightScale);
  const form = !setting.correctBias
    ? calibrated
    : await observing(correctedNodes(calibrated), (observe) =>
        biasCorrected(calibrated, {
          ...{ observe, batches },
          prepare: (part) => int8.createPredictor(part, { batch, threads }),
        }),
      );
  const { fineTune: fineTuning } = setting;
  if (fineTuning === undefined) return form;
  if (training === undefined) throw new RangeError('Fine-tuning takes the recipe of the training.');
  const tuned = await fineTuned(int8, form, withBiasesOf(form, weights), {
    ...{ fineTuning, dataset, size, trainImages, threads },
    ...training,
  });
  return int8Form(graph, tuned, ranges, weightScale);
};

/** Calibrates and runs every test image, `batch` at a time. */
export const testInt8 = async (
  int8: Int8Engine,
  graph: Graph,
  weights: Weights,
  options: CalibrationOptions & { readonly batch: number },
): Promise<Int8Result> => {
  const { setting, dataset, size, threads } = options;
  const form = await calibratedForm(int8, graph, weights, options);
  const batch = Math.min(options.batch, dataset.splits.test.count);
  const predictor = await int8.createPredictor(form, { batch, threads });
  try {
    const { top1, loss, correct } = await evaluatePredictor(predictor, graph.output.shape[0], {
      ...{ dataset, split: 'test', size, batch },
    });
    return {
      testTop1: top1,
      testLoss: loss,
      testCorrect: packBits(correct),
      weightBytes: int8WeightBytes(graph, setting.weights),
      floatOperations: floatOperations(graph),
      ...(form.notes.length === 0 ? {} : { notes: [...form.notes] }),
    };
  } finally {
    await predictor.dispose();
  }
};
