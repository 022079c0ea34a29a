/** The JSON that commands print with --json. Other programs rely on it: fields are only ever added. */
import { z } from 'zod';

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

export const listContract = z.array(
  z.strictObject({ list: z.string(), id: z.string(), summary: z.string(), source: z.string() }),
);

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

export const CONTRACTS = {
  cost: costContract,
  'cost --all': costTableContract,
  speed: speedContract,
  export: exportContract,
  range: rangeContract,
  list: listContract,
  doctor: doctorContract,
  run: runContract,
} as const satisfies Record<string, z.ZodType>;
