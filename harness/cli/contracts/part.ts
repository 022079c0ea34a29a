/** JSON about one part. */
import { z } from 'zod';
import { floatOperationSchema } from '../../../results/training/int8.js';

const totals = { params: z.int(), macs: z.int(), flops: z.int() };
const shape = z.array(z.int());
const id = z.string().describe('id of the operator, block or network');
const selection = z.string().describe('the part with all options given');
const form = z.enum(['train', 'deploy', 'int8']);

export const costContract = z.strictObject({
  id,
  selection,
  form,
  input: shape.describe('channels, height, width'),
  params: z
    .int()
    .describe('learnable scalars; batch-norm scale and shift included, running statistics excluded'),
  macs: z.int().describe('multiply-accumulates of convolutions, dense layers and matrix products, one image'),
  flops: z.int().describe('every floating-point operation, one image'),
  activationBytes: z.int().describe('bytes written by all operations for one image, in float32'),
  peakMemory: z
    .strictObject({
      values: z
        .int()
        .describe('values of activations kept at once, one image: a byte each in int8, four in float32'),
      path: z.string().describe('of the operation that runs then'),
      isLeast: z
        .boolean()
        .describe('false where there are too many orders to know whether another needs less'),
      valuesDepthwiseInPlace: z
        .int()
        .describe('where depthwise convolutions write over their inputs, as in TinyEngine'),
    })
    .describe('in the best order of the operations'),
  fits: z
    .strictObject({ activations: z.boolean(), weights: z.boolean(), weightBytes: z.int() })
    .optional()
    .describe('in int8, where --fits asks'),
  int8: z
    .strictObject({
      weightBytes: z
        .int()
        .describe(
          'int8 kernels with a scale for each output channel, int32 biases, and what stays in float32',
        ),
      floatOperations: z.array(floatOperationSchema).describe('computed in float32, and why'),
    })
    .optional()
    .describe('of the int8 form; params, macs and flops are those of the deploy form'),
  byKind: z.record(z.string(), z.strictObject(totals)),
  perOp: z.array(
    z.strictObject({
      path: z.string(),
      kind: z
        .string()
        .describe('pointwise, depthwise, convolution, linear, attention, normalization or other'),
      op: z.string(),
      output: shape,
      ...totals,
    }),
  ),
});

export const costTableContract = z.array(
  costContract.omit({ perOp: true, byKind: true, peakMemory: true, fits: true, int8: true }),
);

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
  medianMs: z.number().describe('milliseconds per batch'),
  interval95Ms: z.tuple([z.number(), z.number()]),
  imagesPerSecond: z.number(),
  samples: z.int(),
  peakMemoryBytes: z.int().describe('peak resident memory of the process'),
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
  calibratedOn: z.string().optional().describe('of int8: what its ranges come from'),
  weights: z.string().describe('where the weights come from'),
  candidate: z.string().optional().describe('of a run'),
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

export const importContract = z.strictObject({
  id,
  source: z.string().describe('what was imported'),
  folder: z.string(),
  torch: z.string().describe('version'),
  knob: z
    .strictObject({ option: z.string(), values: z.array(z.number()) })
    .exactOptional()
    .describe('the argument that was given each of these values; the first is the default'),
  places: z.array(
    z.strictObject({
      value: z.number().exactOptional().describe('of the knob'),
      input: shape.describe('channels, height, width'),
      outChannels: z.int(),
      stride: z.int(),
      params: z.int(),
      macs: z.int(),
      difference: z.number().describe('largest difference to the output of PyTorch, over its largest value'),
    }),
  ),
});
