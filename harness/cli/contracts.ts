/** The JSON that commands print with --json. Other programs rely on it: fields are only ever added. */
import { z } from 'zod';
import { baselineSchema } from '../../results/baseline.js';
import { bisectionSchema } from '../regression/bisection.js';
import { comparisonSchema } from '../regression/comparison.js';

const totals = { params: z.int(), macs: z.int(), flops: z.int() };
const shape = z.array(z.int());
const id = z.string().describe('id of the operator, block or network');
const selection = z.string().describe('the part with all options that were given');
const form = z.enum(['train', 'deploy']);

export const costContract = z.strictObject({
  id,
  selection,
  form,
  input: shape.describe('channels, height, width'),
  params: z
    .int()
    .describe('learnable scalars; batch-norm scale and shift included, running statistics excluded'),
  macs: z.int().describe('multiply-accumulates of convolutions and dense layers, one image'),
  flops: z.int().describe('every floating-point operation, one image'),
  activationBytes: z.int().describe('bytes that all operations write for one image, float32'),
  byKind: z.record(z.string(), z.strictObject(totals)),
  perOp: z.array(
    z.strictObject({
      path: z.string(),
      kind: z.string().describe('pointwise, depthwise, convolution, linear, normalization or other'),
      op: z.string(),
      output: shape,
      ...totals,
    }),
  ),
});

export const costTableContract = z.array(costContract.omit({ perOp: true, byKind: true }));

export const speedContract = z.strictObject({
  id,
  selection,
  mode: z.enum(['inference', 'training']),
  engine: z.string(),
  engineVersion: z.string(),
  device: z.string(),
  form,
  input: shape,
  batch: z.int(),
  threads: z.int(),
  medianMs: z.number().describe('milliseconds a batch'),
  interval95Ms: z.tuple([z.number(), z.number()]),
  imagesPerSecond: z.number(),
  samples: z.int(),
  peakMemoryBytes: z.int().describe('largest resident memory of the process'),
});

export const exportContract = z.strictObject({
  id,
  selection,
  form,
  input: shape,
  file: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  seed: z.int(),
});

export const rangeContract = z.strictObject({
  id,
  selection,
  inputs: z.int().describe('input channels'),
  outputs: z.int().describe('output channels'),
  min: z.int().describe('fewest input channels that an output channel depends on'),
  max: z.int(),
  mean: z.number(),
  full: z.boolean().describe('whether every output depends on every input'),
  receptiveField: z.strictObject({ height: z.int(), width: z.int() }).describe('pixels of the input'),
});

const listEntry = z.strictObject({
  list: z.string(),
  id: z.string(),
  summary: z.string(),
  source: z.string(),
});

const partEntry = listEntry.extend({
  admits: z.string().nullable().describe('which numbers of channels it takes; null: any'),
  mergeable: z.boolean().describe('whether parallel branches of its training become one convolution'),
  options: z.array(
    z.strictObject({
      name: z.string(),
      allowed: z.string(),
      default: z.unknown().describe('null where it depends on others'),
      summary: z.string(),
    }),
  ),
  slots: z.array(
    z.strictObject({ name: z.string(), kind: z.string(), default: z.string(), summary: z.string() }),
  ),
});

export const listContract = z.array(
  z.union([
    partEntry.describe('operators, blocks and networks'),
    listEntry.describe('suites, data sets and engines'),
  ]),
);

export type ListEntry = z.infer<typeof listContract>[number];

export const doctorContract = z.strictObject({
  ok: z.boolean().describe('an engine works; with --verify, and all that work compute the same'),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['ok', 'warning', 'missing']),
      detail: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});

export const runContract = z.strictObject({
  directory: z.string(),
  suite: z.string(),
  planKey: z.string(),
  trials: z.strictObject({ done: z.int(), failed: z.int(), pending: z.int() }),
  results: z.string().describe('the CSV file'),
  report: z.string().describe('the HTML file'),
  analysis: z.unknown().describe('estimates, comparisons with verdicts, rankings'),
});

const runName = z.strictObject({
  folder: z.string(),
  startedAt: z.string(),
  commit: z.string().nullable().describe('null where the run was not made in a git checkout'),
});

export const historyContract = z.strictObject({
  skipped: z.array(z.strictObject({ folder: z.string(), problem: z.string() })),
  tracks: z.array(
    z.strictObject({
      suite: z.string(),
      candidate: z.string(),
      metric: z
        .enum(['top1', 'latency', 'params', 'macs', 'flops'])
        .describe('top1: share, 0 to 1, mean over seeds; latency: ms a batch; costs of the deploy form'),
      series: z
        .array(
          z.strictObject({
            break: z
              .strictObject({ before: runName, after: runName, reasons: z.array(z.string()) })
              .nullable()
              .describe('why it is not compared with the values before'),
            conditions: z.record(z.string(), z.string()),
            points: z.array(
              z.strictObject({
                run: runName,
                value: z.number(),
                interval: z
                  .tuple([z.number(), z.number()])
                  .nullable()
                  .describe('95 %; of top1 over seeds, for these test images'),
                seeds: z.int().nullable(),
              }),
            ),
            levels: z
              .array(z.strictObject({ start: z.int(), end: z.int(), level: z.number() }))
              .describe('of the points from start up to, but without, end'),
            changes: z.array(
              z.strictObject({
                before: runName.describe('the last run of the level before'),
                after: runName.describe('the first run of the level after'),
                from: z.number(),
                to: z.number(),
                effect: z.number().describe('of top1 to - from, of everything else to / from - 1'),
                kind: z.enum(['regression', 'improvement']),
              }),
            ),
          }),
        )
        .describe('values made under equal conditions'),
    }),
  ),
});

export const CONTRACTS = {
  cost: costContract,
  'cost --all': costTableContract,
  speed: speedContract,
  export: exportContract,
  range: rangeContract,
  list: listContract,
  doctor: doctorContract,
  run: runContract,
  baseline: baselineSchema,
  compare: comparisonSchema,
  bisect: bisectionSchema,
  history: historyContract,
} as const satisfies Record<string, z.ZodType>;
