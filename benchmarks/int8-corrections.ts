/**
 * What do equalisation, bias correction and fine-tuning give in int8? Every trained network of a run, or those of a candidate, quantised
 * plain and with each correction, and tested on its test images.
 *
 *   npx jiti benchmarks/int8-corrections.ts RUN [--candidate NAME] [--weights per-tensor] [--images 512] [--calibration min-max]
 *     [--fine-tune EPOCHS [--learning-rate RATE]]
 */
import { parseArgs } from 'node:util';
import { onnxruntimeInt8 } from '../harness/engines/onnx/engine.js';
import { deployForm } from '../harness/rewrite/deploy.js';
import { plannedDataset, plannedRecipe } from '../harness/run/plan/planned.js';
import { chosenTrials, trainedNetwork } from '../harness/run/trained.js';
import { testInt8 } from '../harness/train/int8.js';
import { TrainingFailure } from '../harness/train/train-epoch.js';
import { loadRun } from '../results/run/load-run.js';
import { type Int8Setting, int8Corrections, int8SettingSchema } from '../results/training/int8.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    candidate: { type: 'string' },
    images: { type: 'string', default: '512' },
    calibration: { type: 'string', default: 'min-max' },
    weights: { type: 'string', default: 'per-tensor' },
    'fine-tune': { type: 'string' },
    'learning-rate': { type: 'string' },
  },
});

const { 'fine-tune': epochs, 'learning-rate': rate } = values;
const fineTune = {
  epochs: Number(epochs),
  ...(rate === undefined ? {} : { learningRate: Number(rate) }),
};
const CORRECTIONS =
  epochs === undefined
    ? [{}, { equalise: true }, { correctBias: true }, { equalise: true, correctBias: true }]
    : [{}, { correctBias: true }, { fineTune }, { correctBias: true, fineTune }];

const { calibration, weights: scales } = values;
const SETTINGS: readonly Int8Setting[] = CORRECTIONS.map((corrections) =>
  int8SettingSchema.parse({ calibration, weights: scales, images: Number(values.images), ...corrections }),
);

const [directory = ''] = positionals;
const run = await loadRun(directory);
const { plan } = run;
const dataset = await plannedDataset(plan);
const recipe = plannedRecipe(plan);
const { input, trainThreads: threads, dataset: planned } = plan.conditions;

const names = SETTINGS.map((setting) => int8Corrections(setting).join(' and ') || 'plain');
console.log(`${scales}, drops in points\ncandidate seed  float %  ${names.join('  ')}`);
for (const trial of chosenTrials(run, values.candidate, null)) {
  const { graph, weights } = await trainedNetwork(directory, run, trial);
  const { candidate, seed, result } = trial;
  const deployed = deployForm(graph);
  const dropIn = async (setting: Int8Setting): Promise<string> => {
    try {
      const { testTop1 } = await testInt8(onnxruntimeInt8, deployed.graph, deployed.convert(weights), {
        ...{ setting, dataset, size: input[2], threads, trainImages: planned.trainImages },
        batch: recipe.batch,
        training: { recipe, seed },
      });
      return (100 * (result.testTop1 - testTop1)).toFixed(2);
    } catch (error) {
      if (error instanceof TrainingFailure) return 'diverged';
      throw error;
    }
  };
  const drops: string[] = [];
  for (const setting of SETTINGS) drops.push(await dropIn(setting));
  console.log(`${candidate} ${seed}  ${(100 * result.testTop1).toFixed(2)}  ${drops.join('  ')}`);
}
