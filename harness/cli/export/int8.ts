/** What `export --form int8` writes: a trained network of a run calibrated on its own images, or a part on those of a data set or random ones. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { plural } from '../../../reports/text/words.js';
import {
  CALIBRATIONS,
  type Calibration,
  int8Corrections,
  int8SettingSchema,
  LEAST_CALIBRATION_IMAGES,
  WEIGHT_SCALES,
  type WeightScale,
} from '../../../results/training/int8.js';
import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import type { Int8Form } from '../../quantise/quantise.js';
import type { CalibrationOptions } from '../../train/int8.js';
import { UserError } from '../../user/user-error.js';
import { countUpTo } from '../options/values.js';
import { dataProgress } from '../views/data-progress.js';
import type { ExportedNetwork } from './network.js';

export interface Int8Options {
  readonly calibration?: Calibration;
  readonly calibrationImages?: number;
  readonly scales?: WeightScale;
  readonly equalise?: true;
  readonly correctBias?: true;
  readonly dataset?: string;
}

const MOST_IMAGES = 100_000;

export const addInt8Options = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--calibration <method>',
        "of int8: how ranges are found (default: the run's, or min-max)",
      ).choices(CALIBRATIONS),
    )
    .option(
      '--calibration-images <n>',
      `of int8: training images to find them on, at least ${LEAST_CALIBRATION_IMAGES} (default: the run's, or 256)`,
      countUpTo(MOST_IMAGES),
    )
    .addOption(
      new Option(
        '--scales <which>',
        "of int8: scales of the weights (default: the run's, or per-channel)",
      ).choices(WEIGHT_SCALES),
    )
    .option('--equalise', "of int8: equalise neighbouring layers (default: the run's, or not)")
    .option(
      '--correct-bias',
      "of int8: take mean errors on the calibration images off the biases (default: the run's, or not)",
    )
    .option(
      '--dataset <id>',
      'of int8, for a part: the data set to calibrate on (default: random images, good for timing alone)',
    );

/** Throws UserError where these options are given for another form. */
export const requireNoInt8Options = ({
  calibration,
  calibrationImages,
  scales,
  equalise,
  correctBias,
  dataset,
}: Int8Options): void => {
  const given = {
    ...{ calibration, 'calibration-images': calibrationImages, scales, dataset, equalise },
    'correct-bias': correctBias,
  };
  const [name] = Object.entries(given).flatMap(([option, value]) => (value === undefined ? [] : [option]));
  if (name === undefined) return;
  throw new UserError(`--${name} is an option of the int8 form.`, 'Add --form int8, or leave it out.');
};

export interface ExportedInt8 {
  readonly form: Int8Form;
  /** What it was calibrated on, in words. */
  readonly calibratedOn: string;
}

/** Throws UserError where there are too few images, or an option does not belong to what is exported. */
export const int8Of = async (
  network: ExportedNetwork,
  graph: Graph,
  weights: Weights,
  options: Int8Options,
): Promise<ExportedInt8> => {
  const { onnxruntimeInt8 } = await import('../../engines/onnx/engine.js');
  const source = await calibrationSource(network, options);
  const setting = int8SettingSchema.safeParse({
    ...network.run?.conditions.int8,
    ...(options.calibration === undefined ? {} : { calibration: options.calibration }),
    ...(options.calibrationImages === undefined ? {} : { images: options.calibrationImages }),
    ...(options.scales === undefined ? {} : { weights: options.scales }),
    ...(options.equalise === undefined ? {} : { equalise: options.equalise }),
    ...(options.correctBias === undefined ? {} : { correctBias: options.correctBias }),
  });
  if (!setting.success) {
    throw new UserError(
      `${options.calibrationImages} calibration images are too few to know ranges by.`,
      `Take at least ${LEAST_CALIBRATION_IMAGES}.`,
    );
  }
  const { calibration, images, weights: scales } = setting.data;
  if (source === null) {
    requireImagesFor(options);
    const { randomlyCalibrated } = await import('../../measure/random-calibration.js');
    const form = await randomlyCalibrated(onnxruntimeInt8, { graph, weights }, scales);
    return { form, calibratedOn: 'a random image: good for timing alone' };
  }
  const { requireCalibrationImages } = await import('../../quantise/calibrate.js');
  const { calibratedForm } = await import('../../train/int8.js');
  const { dataset, ...trained } = source;
  requireCalibrationImages(images, source.trainImages);
  const [, , size] = graph.input.shape;
  const form = await calibratedForm(onnxruntimeInt8, graph, weights, {
    ...{ setting: setting.data, dataset, size, threads: 1 },
    ...trained,
  });
  return {
    form,
    calibratedOn: [
      `${images} training images of ${dataset.id}, by ${calibration}`,
      ...int8Corrections(setting.data),
    ].join(', '),
  };
};

/** Throws UserError where there is nothing to gain: random weights on random images. */
const requireImagesFor = ({ equalise, correctBias }: Int8Options): void => {
  if (equalise === undefined && correctBias === undefined) return;
  throw new UserError(
    `--${equalise ? 'equalise' : 'correct-bias'} is for accuracy, but a part without --dataset is calibrated on a random image, for timing alone.`,
    'Name a data set, or a trained network of a run.',
  );
};

type CalibrationSource = Pick<CalibrationOptions, 'dataset' | 'trainImages' | 'training'>;

/** Null where there are no images but random ones. */
const calibrationSource = async (
  { run, input, id, seed }: ExportedNetwork,
  { dataset: name }: Int8Options,
): Promise<CalibrationSource | null> => {
  if (run !== undefined) {
    if (name !== undefined) {
      throw new UserError(
        `--dataset ${name} would calibrate on other images than the network was trained on.`,
        'Leave it out: the run has decided it.',
      );
    }
    const { plannedDataset, plannedRecipe } = await import('../../run/plan/planned.js');
    return {
      dataset: await plannedDataset(run),
      trainImages: run.conditions.dataset.trainImages,
      training: { recipe: plannedRecipe(run), seed },
    };
  }
  if (name === undefined) return null;
  const { loadDatasetAt } = await import('../../data/registry.js');
  const { requireFit } = await import('../../data/images/fit.js');
  const dataset = await loadDatasetAt(name, undefined, { onProgress: dataProgress(process.stderr) });
  const [channels, height, width] = input;
  if (channels !== dataset.channels || height !== width) {
    throw new UserError(
      `${id} takes images of ${input.join('x')}; those of ${dataset.id} have ${plural(dataset.channels, 'channel')} and are made square.`,
      'Name another data set, or set --input.',
    );
  }
  requireFit(dataset, width, undefined);
  return { dataset, trainImages: dataset.splits.train.count };
};
