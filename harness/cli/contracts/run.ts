/** JSON about runs. */
import { z } from 'zod';
import { DEVICE_KINDS } from '../../../results/measurement/device.js';
import { floatOperationSchema, int8SettingSchema } from '../../../results/training/int8.js';
import { INT8_METRICS, METRICS } from '../../analysis/metrics.js';
import { SPLITS } from '../../data/dataset.js';

export const runContract = z.strictObject({
  directory: z.string(),
  suite: z.string(),
  planKey: z.string(),
  trials: z.strictObject({
    done: z.int(),
    failed: z.int(),
    pending: z.int(),
    reused: z.int().describe('of the done ones, those that an earlier run trained'),
  }),
  results: z.string().describe('the CSV file'),
  report: z.string().describe('the HTML file'),
  analysis: z.unknown().describe('estimates, comparisons with verdicts, rankings'),
});

const points = z.tuple([z.number(), z.number()]).nullable();

const deviceContract = z.strictObject({
  name: z.string(),
  kind: z.enum(DEVICE_KINDS).nullable().describe('null in records of earlier versions'),
  runtime: z.string().nullable(),
  latencyMs: z.array(z.strictObject({ candidate: z.string(), median: z.number(), interval95: points })),
  comparisons: z
    .array(
      z.strictObject({
        a: z.string(),
        b: z.string(),
        difference: z.number().describe('100 (a / b - 1), per cent'),
        interval: points,
        verdict: z.enum(['better', 'worse', 'tie', 'undecided']),
      }),
    )
    .describe('within this device'),
});

const int8Contract = int8SettingSchema.extend({
  candidates: z.array(
    z.strictObject({
      name: z.string(),
      weightBytes: z.int().nullable(),
      top1: z.strictObject({ mean: z.number(), interval95: points }).nullable(),
      drop: z
        .strictObject({ mean: z.number(), interval95: points })
        .nullable()
        .describe('top-1 in float less that in int8, points, paired by trial and image'),
      latencyMs: z.strictObject({ median: z.number(), interval95: points }).nullable(),
      speedUp: z
        .strictObject({ ratio: z.number(), interval95: points })
        .nullable()
        .describe('latency in float over that in int8, in the same rounds'),
      floatOperations: z.array(floatOperationSchema),
    }),
  ),
  comparisons: z.array(
    z.strictObject({
      metric: z.enum(INT8_METRICS),
      a: z.string(),
      b: z.string(),
      difference: z.number().describe('of top-1 and drop a - b in points; of latency 100 (a / b - 1)'),
      interval: points,
      verdict: z.enum(['better', 'worse', 'tie', 'undecided']),
    }),
  ),
  orderChanges: z
    .array(z.strictObject({ a: z.string(), b: z.string() }))
    .describe('pairs whose top-1 is decided one way in float and the other way in int8'),
});

export const reportContract = z.strictObject({
  suite: z.string(),
  candidates: z.array(
    z.strictObject({
      name: z.string(),
      group: z.string().describe('only candidates of one group are ranked together'),
      params: z.int().describe('of the deploy form'),
      macs: z.int().describe('of the deploy form, one image'),
      top1: z
        .strictObject({ mean: z.number(), interval95: points })
        .nullable()
        .describe('per cent of the test images; null where it was not trained'),
      latencyMs: z
        .strictObject({ median: z.number(), interval95: points })
        .nullable()
        .describe('milliseconds a batch; null where it was not measured'),
    }),
  ),
  comparisons: z
    .array(
      z.strictObject({
        group: z.string(),
        metric: z.enum(METRICS),
        a: z.string(),
        b: z.string(),
        difference: z
          .number()
          .describe('of top1 a - b in points; of everything else 100 (a / b - 1), per cent'),
        interval: points.describe('corrected for all pairs of the group; null where the difference is exact'),
        verdict: z
          .enum(['better', 'worse', 'tie', 'undecided'])
          .describe('what a is; undecided where the interval decides nothing'),
        otherwise: z
          .strictObject({ macsRatio: z.number(), latencyRatio: z.number().nullable() })
          .describe('a / b'),
      }),
    )
    .describe('every pair that may be compared, once a metric'),
  claims: z.array(
    z.strictObject({
      claim: z.string(),
      answer: z.enum(['supported', 'contradicted', 'undecided', 'not comparable']),
      reason: z.string().nullable().describe('why it is not comparable'),
      difference: z.number().nullable().describe('left against right, in the units of comparisons'),
      interval: points,
    }),
  ),
  int8: int8Contract.nullable().describe('where the networks were quantised too'),
  devices: z
    .array(deviceContract)
    .describe("where latency was measured on several devices: each by itself, the run's own first"),
  orderChanges: z
    .array(
      z.strictObject({
        a: z.string(),
        b: z.string(),
        fasterOn: z.array(z.string()).describe('devices on which a is decided to be faster than b'),
        slowerOn: z.array(z.string()),
      }),
    )
    .describe('pairs that are decided one way on some devices and the other way on others'),
});

export const evaluateContract = z.strictObject({
  dataset: z.string(),
  contentHash: z.string(),
  split: z.enum(SPLITS),
  images: z.int(),
  networks: z.array(
    z.strictObject({
      file: z.string().nullable().describe('the ONNX file; null for a network of a run'),
      candidate: z.string().nullable(),
      seed: z.int().nullable(),
      top1: z.number().describe('share, 0 to 1'),
      loss: z.number().describe('nats'),
      record: z
        .strictObject({
          top1: z.number(),
          equalImages: z.int().describe('images with the same answer, right or wrong, as in the record'),
        })
        .nullable()
        .describe("null where the images are not the run's own test images"),
    }),
  ),
});

/** What `evaluate` tells. */
export type EvaluationReport = z.infer<typeof evaluateContract>;
