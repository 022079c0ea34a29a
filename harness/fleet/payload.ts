/** Everything that machines say to each other through Redis: data, validated on arrival, never code. */
import { z } from 'zod';
import { planSchema } from '../../results/plan/plan.js';
import { originSchema } from '../../results/training/origin.js';
import { epochSchema } from '../../results/training/trial.js';
import { recipeSchema } from '../recipe/recipe.js';
import { workerMessageSchema } from '../run/worker/protocol.js';
import { MOST } from '../user/limits.js';

/** Raised where a machine with another number could misread what it gets. */
export const PROTOCOL = 3;

const text = z.string().max(MOST.text);
const name = z.string().min(1).max(MOST.name);
/** Content keys and ids of runs. */
const key = z.string().regex(/^[0-9a-f]{8,64}$/);
const protocol = z.literal(PROTOCOL);

/** That a run wants workers, and what they must have. Other versions of it are read too, so that they can be refused by name. */
export const announcementSchema = z.looseObject({
  protocol: z.int(),
  lightbench: text,
  /** Of its code: a worker of other code makes other numbers. */
  code: text.exactOptional(),
  run: key,
  suite: text,
  /** SHA-256 of the sheet. */
  sheet: key,
  at: z.iso.datetime(),
});

export type Announcement = z.infer<typeof announcementSchema>;

/** What all tasks of a run share: its plan without the trials, which come one by one. */
export const sheetSchema = z.strictObject({
  protocol,
  /** What one training may take. */
  limits: z.strictObject({
    seconds: z.number().positive().exactOptional(),
    memoryBytes: z.number().positive().exactOptional(),
  }),
  /** What one measurement of latency may take. */
  latencyLimits: z.strictObject({ seconds: z.number().positive().exactOptional() }),
  plan: planSchema.refine(({ conditions: { recipe } }) => recipeSchema.safeParse(recipe).success, {
    path: ['conditions', 'recipe'],
    message: 'it is no recipe',
  }),
});

const trialTask = {
  task: z.literal('trial'),
  protocol,
  key,
  candidate: name,
  seed: z.int(),
  learningRate: z.number().positive().exactOptional(),
  weightBytes: z.number().positive().exactOptional(),
};

/** What a worker is asked for, beside the sheet. */
export const taskSchema = z.discriminatedUnion('task', [
  z.strictObject(trialTask),
  z.strictObject({
    task: z.literal('try'),
    protocol,
    key,
    candidate: name,
    learningRate: z.number().positive(),
  }),
  z.strictObject({ task: z.literal('measure'), protocol, device: key }),
]);

export type Task = z.infer<typeof taskSchema>;

/** A worker, as the others see it. */
export const workerSchema = z.strictObject({
  id: name,
  /** Of its machine, for people. */
  machine: text,
  process: z.int(),
  /** Trials at a time; 0 where it only measures latency. */
  jobs: z.int(),
  /** Id of the device that it measures latency on; null where it does not. */
  device: key.nullable(),
});

export type WorkerEntry = z.infer<typeof workerSchema>;

export const refusalSchema = z.strictObject({ id: name, machine: text, reason: text });

export const progressSchema = z.discriminatedUnion('kind', [
  /** Somebody has taken it. */
  z.strictObject({ kind: z.literal('begun'), machine: text }),
  z.strictObject({ kind: z.literal('share'), done: z.number(), total: z.number().positive() }),
  z.strictObject({ kind: z.literal('epoch'), epoch: epochSchema }),
]);

export type Progress = z.infer<typeof progressSchema>;

/** What became of a task, on which machine, and where from where an earlier run has done it there. */
export const answerSchema = z.strictObject({
  message: workerMessageSchema,
  machine: text,
  from: originSchema.exactOptional(),
});

export type Answer = z.infer<typeof answerSchema>;
