/**
 * What the spread of top-1 between seeds depends on, and which setting of `quick`'s kind decides most in an hour of one core: two or
 * three blocks, trained and tested as a trial is, with every setting of `seed-spread-settings.ts` and every seed, settings in turn, so that a
 * slow minute of the machine hits all alike. Trials are kept in a file, line by line; the same command goes on where it was stopped.
 * "fashion-mnist" must be there for the setting with more images.
 *
 *   npx jiti benchmarks/seed-spread.ts [--seeds 20] [--only PATTERN] [--out seed-spread.jsonl] [--table]
 *
 * --table: of the trials that the file has, none is added.
 */
import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { buildNetwork } from '../blocks/build.js';
import type { Dataset } from '../harness/data/dataset.js';
import { loadDataset } from '../harness/data/registry.js';
import { resolveEngine } from '../harness/engines/registry.js';
import { deployForm } from '../harness/rewrite/deploy.js';
import { mean } from '../harness/stats/sample.js';
import { evaluate } from '../harness/train/evaluate.js';
import { initialWeights } from '../harness/train/initialise.js';
import { trainNetwork } from '../harness/train/train-network.js';
import { GROUPS, type Group, type Setting } from './seed-spread-settings.js';
import {
  differenceOf,
  type Estimate,
  efficiency,
  errorsInAnHour,
  imageSpread,
  type Sample,
  secondsOf,
  spreadOf,
  spreadRatio,
} from './seed-spread-statistics.js';

const SIZE = 32;

const trialSchema = z.object({
  /** The whole setting as JSON: a trial counts only where nothing of it has changed. */
  setting: z.string(),
  block: z.string(),
  seed: z.number(),
  top1: z.number(),
  testLoss: z.number(),
  validationLoss: z.number(),
  cpuSeconds: z.number(),
  /** One digit an image of the test set: 1 where classified right. */
  correct: z.string(),
});

type Trial = z.infer<typeof trialSchema>;

const datasets = new Map<string, Promise<Dataset>>();

const datasetOf = (id: string): Promise<Dataset> => {
  const known = datasets.get(id) ?? loadDataset(id);
  datasets.set(id, known);
  return known;
};

const runTrial = async (setting: Setting, block: string, seed: number): Promise<Trial> => {
  const { recipe, skeleton, trainImages } = setting;
  const { engine } = await resolveEngine('onnxruntime');
  const dataset = await datasetOf(setting.dataset);
  const site = { input: [dataset.channels, SIZE, SIZE], classes: dataset.classes.length } as const;
  const before = process.cpuUsage();
  const graph = buildNetwork({ id: 'lightnet', set: { ...skeleton, block } }, site);
  const threads = 1;
  const weights = initialWeights(graph, seed);
  const training = { engine, graph, weights, dataset, size: SIZE, trainImages, recipe, seed, threads };
  const trained = await trainNetwork(training);
  const deployed = deployForm(graph);
  const test = await evaluate(engine, deployed.graph, deployed.convert(trained.weights), {
    dataset,
    split: 'test',
    size: SIZE,
    threads,
    batch: recipe.batch,
  });
  const { user, system } = process.cpuUsage(before);
  return {
    setting: JSON.stringify(setting),
    block,
    seed,
    top1: test.top1,
    testLoss: test.loss,
    validationLoss: trained.epochs.at(-1)?.validationLoss ?? Number.NaN,
    cpuSeconds: (user + system) / 1e6,
    correct: test.correct.join(''),
  };
};

const readTrials = async (file: string): Promise<readonly Trial[]> => {
  if (!existsSync(file)) return [];
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => trialSchema.parse(JSON.parse(line)));
};

const isOf = (trial: Trial, setting: Setting, block: string): boolean =>
  trial.block === block && trial.setting === JSON.stringify(setting);

const runMissing = async (chosen: readonly Group[], seeds: number, file: string): Promise<void> => {
  for (let seed = 0; seed < seeds; seed += 1) {
    for (const { title, settings } of chosen) {
      for (const [name, setting] of Object.entries(settings)) {
        for (const block of setting.blocks) {
          const done = await readTrials(file);
          if (done.some((trial) => trial.seed === seed && isOf(trial, setting, block))) continue;
          const trial = await runTrial(setting, block, seed);
          await appendFile(file, `${JSON.stringify(trial)}\n`);
          const { top1, cpuSeconds } = trial;
          console.log(
            `${title}, ${name}, ${block}, seed ${seed}: ${percent(top1)} %, ${cpuSeconds.toFixed(1)} s`,
          );
        }
      }
    }
  }
};

const percent = (share: number): string => (100 * share).toFixed(2);

const sampleOf = (trials: readonly Trial[], setting: Setting, block: string): Sample => {
  const own = trials.filter((trial) => isOf(trial, setting, block));
  return {
    top1: own.map(({ top1 }) => 100 * top1),
    correct: own.map(({ correct }) => Uint8Array.from(correct, Number)),
    seconds: own.map(({ cpuSeconds }) => cpuSeconds),
  };
};

const withInterval = ({ value, low, high }: Estimate, digits = 2): string =>
  `${value.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;

const printTables = (trials: readonly Trial[], { title, settings }: Group): void => {
  const rows = Object.entries(settings)
    .map(([name, setting]) => {
      const [first, second, third] = setting.blocks;
      const block = sampleOf(trials, setting, first);
      const floor = sampleOf(trials, setting, second);
      const other = third === undefined ? undefined : sampleOf(trials, setting, third);
      return { setting: name, block, floor, other, all: [block, floor, ...(other ? [other] : [])] };
    })
    .filter(({ all }) => all.every(({ top1 }) => top1.length > 1));
  const [reference] = rows;
  if (!reference) return;
  console.log(`${title}: block / floor (/ other). Ratios are to "${reference.setting}"; 95 % intervals.`);
  console.table(
    rows.map(({ setting, all }) => ({
      setting,
      seeds: all.map(({ top1 }) => top1.length).join(' / '),
      'top-1, %': all.map(({ top1 }) => mean(top1).toFixed(2)).join(' / '),
      'spread, points': all.map((sample) => withInterval(spreadOf(sample))).join(' / '),
      "images' part": imageSpread(all).toFixed(2),
      'CPU s': secondsOf(all).toFixed(1),
      'spread, times': withInterval(spreadRatio(all, reference.all)),
      'efficiency, times': withInterval(efficiency(all, reference.all)),
    })),
  );
  console.table(
    rows.map(({ setting, block, floor, other, all }) => ({
      setting,
      'less the floor, points': withInterval(differenceOf(block, floor, all)),
      'standard errors in an hour': errorsInAnHour(block, floor, all).toFixed(0),
      ...(other && {
        'less the other, points': withInterval(differenceOf(block, other, all)),
        'in an hour': errorsInAnHour(block, other, all).toFixed(0),
      }),
    })),
  );
};

const chosenBy = (pattern: RegExp): readonly Group[] =>
  GROUPS.map(({ title, settings }) => ({
    title,
    settings: Object.fromEntries(
      Object.entries(settings).filter(([name]) => pattern.test(`${title}, ${name}`)),
    ),
  }));

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: 'seed-spread.jsonl' },
    table: { type: 'boolean', default: false },
  },
});
const chosen = chosenBy(new RegExp(values.only));
if (!values.table) await runMissing(chosen, Number(values.seeds), values.out);
const trials = await readTrials(values.out);
for (const group of chosen) printTables(trials, group);
