/** A trained network in int8: calibrated on images that it was trained on, and tested. */
import type { Int8Result, Int8Setting } from '../../results/int8.js';
import { calibrationBatches } from '../data/calibration-batches.js';
import type { Dataset } from '../data/dataset.js';
import type { Engine } from '../engines/engine.js';
import { requireInt8 } from '../engines/requirements.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import { calibrate, calibrationBatch, type Observe } from '../quantise/calibrate.js';
import { biasCorrected, correctedNodes } from '../quantise/correct-bias.js';
import { equalised } from '../quantise/equalise/equalise.js';
import { calibratedNodes } from '../quantise/layout.js';
import { floatOperations, type Int8Form, int8Form, int8WeightBytes } from '../quantise/quantise.js';
import { evaluatePredictor } from './evaluate.js';
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
}

/** The int8 form of a deploy form. Throws UserError where the engine has none, or the network's values are not finite. */
export const calibratedForm = async (
  engine: Engine,
  graph: Graph,
  trained: Weights,
  { setting, dataset, size, trainImages, threads }: CalibrationOptions,
): Promise<Int8Form> => {
  const int8 = requireInt8(engine);
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
  const form = int8Form(graph, weights, ranges, weightScale);
  if (!setting.correctBias) return form;
  return observing(correctedNodes(form), (observe) =>
    biasCorrected(form, {
      ...{ observe, batches },
      prepare: (part) => int8.createPredictor(part, { batch, threads }),
    }),
  );
};

/** Calibrates and runs every test image, `batch` at a time. */
export const testInt8 = async (
  engine: Engine,
  graph: Graph,
  weights: Weights,
  options: CalibrationOptions & { readonly batch: number },
): Promise<Int8Result> => {
  const { setting, dataset, size, threads } = options;
  const form = await calibratedForm(engine, graph, weights, options);
  const batch = Math.min(options.batch, dataset.splits.test.count);
  const predictor = await requireInt8(engine).createPredictor(form, { batch, threads });
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
