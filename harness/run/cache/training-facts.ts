/**
 * Everything that decides the numbers of a training to the last bit. Two trainings with equal facts have equal results, whatever their run,
 * their suite and their candidate are called, so that one may stand for the other.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { checksum, sha256Of } from '../../../results/journal/checksum.js';
import { conditionsSchema, type Plan } from '../../../results/plan/plan.js';
import { processorName } from '../../measure/machine/names.js';
import { ownCode } from '../../package/own-code.js';
import { type Recipe, recipeSchema } from '../../recipe/recipe.js';
import { plannedRecipe } from '../plan/planned.js';

const { dataset, input, fit, engine, trainThreads, int8 } = conditionsSchema.shape;

export const trainingFactsSchema = z.strictObject({
  /** A trial is tested, a try of a learning rate is not. */
  kind: z.enum(['trial', 'try']),
  /** Of the training graph: structure, attributes, and the paths that initial weights are drawn by. */
  network: z.string(),
  /** Its name may be another elsewhere; its content and split may not. */
  data: dataset.omit({ id: true }),
  input,
  fit,
  recipe: recipeSchema,
  seed: z.int(),
  /** A trial that was tested in int8 stands for no other that was not, nor the other way round. */
  int8,
  engine,
  threads: trainThreads,
  /** Of lightbench's own code that makes the numbers, and of the packages that it decodes images, draws random numbers and quantises with. */
  code: z.string(),
  packages: z.record(z.string(), z.string()),
  /** Kernels are chosen by the instructions that the processor has; exp and log are those of V8. */
  machine: z.strictObject({
    platform: z.string(),
    arch: z.string(),
    cpu: z.string(),
    /** Hash of what the processor says it can do; null where the system does not tell. */
    features: z.string().nullable(),
    v8: z.string(),
  }),
});

export type TrainingFacts = z.infer<typeof trainingFactsSchema>;

export interface OneTraining {
  readonly kind: TrainingFacts['kind'];
  readonly candidate: string;
  readonly seed: number;
  readonly learningRate: number | null;
}

/**
 * The facts of a training of a plan, on this machine. Null where a result may not stand for another: on a graphics processor two trainings
 * differ in their last bits.
 */
export const trainingFacts = (plan: Plan, training: OneTraining): TrainingFacts | null => {
  const { conditions, candidates } = plan;
  const record = candidates.find(({ name }) => name === training.candidate);
  if (record === undefined || conditions.engine.device !== 'cpu') return null;
  const { id: _, ...data } = conditions.dataset;
  // In the order of the schema, whatever the order in which a plan has them.
  return trainingFactsSchema.parse({
    kind: training.kind,
    network: record.fingerprint,
    data,
    input: conditions.input,
    ...(conditions.fit === undefined ? {} : { fit: conditions.fit }),
    recipe: recipeOf(plan, training),
    seed: training.seed,
    ...(training.kind === 'trial' && conditions.int8 !== undefined ? { int8: conditions.int8 } : {}),
    engine: conditions.engine,
    threads: conditions.trainThreads,
    ...thisMachine(),
  });
};

const recipeOf = (plan: Plan, { kind, learningRate }: OneTraining): Recipe => {
  const recipe = plannedRecipe(plan);
  return {
    ...recipe,
    learningRate: learningRate ?? recipe.learningRate,
    ...(kind === 'try' ? { epochs: plan.conditions.tuning?.epochs ?? recipe.epochs } : {}),
  };
};

/** SHA-256 of the facts. */
export const keyOf = (facts: TrainingFacts): string => sha256Of(JSON.stringify(facts));

type MachineFacts = Pick<TrainingFacts, 'code' | 'packages' | 'machine'>;

let known: MachineFacts | null = null;

/** They do not change while a process lives. */
const thisMachine = (): MachineFacts => {
  known ??= {
    code: ownCode(),
    packages: {
      sharp: versionOf('sharp'),
      'pure-rand': versionOf('pure-rand'),
      'onnxruntime-node': versionOf('onnxruntime-node'),
    },
    machine: {
      platform: process.platform,
      arch: process.arch,
      cpu: processorName(),
      features: processorFeatures(),
      v8: process.versions.v8,
    },
  };
  return known;
};

/** Whether a result was made by the code, the packages and the machine that are here now. */
export const isOfHere = ({ code, packages, machine }: TrainingFacts): boolean =>
  JSON.stringify({ code, packages, machine }) === JSON.stringify(thisMachine());

const require = createRequire(import.meta.url);

/** As a module of lightbench would find it; not every package lets its package.json be imported. */
const versionOf = (name: string): string => {
  const folders = require.resolve.paths(name) ?? [];
  const manifest = folders
    .map((folder) => join(folder, name, 'package.json'))
    .find((file) => existsSync(file));
  if (manifest === undefined) throw new Error(`The package ${name} is missing.`);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(manifest, 'utf8'))).version;
};

const processorFeatures = (): string | null => {
  const told = attempt(() => readFileSync('/proc/cpuinfo', 'utf8'));
  const features = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(told ?? '')?.[1];
  return features === undefined ? null : checksum(features);
};

const attempt = <T>(action: () => T): T | null => {
  try {
    return action();
  } catch {
    return null;
  }
};
