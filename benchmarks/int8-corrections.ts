/**
 * What do equalisation and bias correction give in int8? Every trained network of a run, quantised plain, equalised, bias-corrected, and
 * both, and tested on its test images.
 *
 *   npx jiti benchmarks/int8-corrections.ts RUN [--weights per-tensor] [--images 512] [--calibration min-max]
 */
import { parseArgs } from 'node:util';
import { deployForm } from '../harness/rewrite/deploy.js';
import { engineOf, plannedDataset, plannedRecipe } from '../harness/run/plan/planned.js';
import { chosenTrials, trainedNetwork } from '../harness/run/trained.js';
import { testInt8 } from '../harness/train/int8.js';
import { type Int8Setting, int8Corrections, int8SettingSchema } from '../results/int8.js';
import { loadRun } from '../results/load-run.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    images: { type: 'string', default: '512' },
    calibration: { type: 'string', default: 'min-max' },
    weights: { type: 'string', default: 'per-tensor' },
  },
});

const CORRECTIONS = [{}, { equalise: true }, { correctBias: true }, { equalise: true, correctBias: true }];

const SETTINGS: readonly Int8Setting[] = CORRECTIONS.map((corrections) =>
  int8SettingSchema.parse({ ...values, images: Number(values.images), ...corrections }),
);

const [directory = ''] = positionals;
const run = await loadRun(directory);
const { plan } = run;
const dataset = await plannedDataset(plan);
const engine = engineOf(plan);
const { input, trainThreads, dataset: planned } = plan.conditions;

const names = SETTINGS.map((setting) => int8Corrections(setting).join(' and ') || 'plain');
console.log(`${values.weights}, drops in points\ncandidate seed  float %  ${names.join('  ')}`);
for (const trial of chosenTrials(run, undefined, null)) {
  const { graph, weights } = await trainedNetwork(directory, run, trial);
  const deployed = deployForm(graph);
  const drops: string[] = [];
  for (const setting of SETTINGS) {
    const { testTop1 } = await testInt8(engine, deployed.graph, deployed.convert(weights), {
      ...{ setting, dataset, size: input[2], threads: trainThreads },
      trainImages: planned.trainImages,
      batch: plannedRecipe(plan).batch,
    });
    drops.push((100 * (trial.result.testTop1 - testTop1)).toFixed(2));
  }
  console.log(
    `${trial.candidate} ${trial.seed}  ${(100 * trial.result.testTop1).toFixed(2)}  ${drops.join('  ')}`,
  );
}
