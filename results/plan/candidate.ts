/** What a plan says of one candidate. */
import { z } from 'zod';
import { BUDGET_METRICS, COUNTED_METRICS } from './budget-metrics.js';

const totals = z.strictObject({ params: z.int(), macs: z.int(), flops: z.int() });

/** Of activations, for one image, in the best order of the operations. */
const peakMemory = z.strictObject({
  /** Values that are kept at once: a byte each in int8, four in float32. */
  values: z.int(),
  /** Of the operation that runs then. */
  path: z.string(),
  /** False where there are too many orders to know whether another needs less. */
  isLeast: z.boolean(),
});

const formCost = totals.extend({
  activationBytes: z.int(),
  byKind: z.record(z.string(), totals),
  /** Absent in plans of earlier versions, as are the bytes of weights. */
  peakMemory: peakMemory.optional(),
  /** Of all weights in int8, and of biases in 32 bits; plans of earlier versions counted those of norms as weights. */
  weightBytes: z.int().optional(),
});

/** What one form of a network costs. */
export type FormCost = z.infer<typeof formCost>;

/** Outputs downwards and inputs to the right, at most 32 cells each way: `0` where nothing is connected to `9` where everything is. */
const connectionPattern = z.strictObject({
  inputs: z.int(),
  outputs: z.int(),
  rows: z.array(z.string().regex(/^\d+$/)),
});

const channelOperator = z.strictObject({
  place: z.enum(['channel1', 'channel2']),
  inputs: z.int(),
  outputs: z.int(),
  /** How many inputs an output depends on: the fewest, the most, the mean, and whether it is all of them for every output. */
  min: z.int(),
  max: z.int(),
  mean: z.number(),
  full: z.boolean(),
  /** The layers that mix channels, where there are several, then the whole. */
  patterns: z.array(connectionPattern),
});

export type ChannelOperatorRecord = z.infer<typeof channelOperator>;

const budget = z.strictObject({
  metric: z.enum(BUDGET_METRICS),
  /** Of latency, milliseconds a batch; of peak memory, bytes in int8. */
  target: z.number(),
  tolerance: z.number(),
  knob: z.string(),
  value: z.number(),
  /** (cost - target) / target. */
  residual: z.number(),
  /** Of a measured cost: what it was on the machine and at the time of planning. */
  residualInterval95: z.tuple([z.number(), z.number()]).optional(),
  /** The second of two budgets that were matched at once; without a knob where the first one's alone was turned. */
  second: z
    .strictObject({
      metric: z.enum(COUNTED_METRICS),
      target: z.number(),
      tolerance: z.number(),
      residual: z.number(),
      knob: z.strictObject({ option: z.string(), value: z.number() }).optional(),
    })
    .optional(),
});

/** How a candidate's knobs were turned to the budgets of its suite, and how far off its costs are. */
export type BudgetMatch = z.infer<typeof budget>;

/** Every knob that was turned, with its value. */
export const knobsOf = ({
  knob,
  value,
  second,
}: BudgetMatch): readonly { readonly option: string; readonly value: number }[] => [
  { option: knob, value },
  ...(second?.knob === undefined ? [] : [second.knob]),
];

/** A candidate with its knob turned to the budget: what every trial of it is built from. */
export const candidateSchema = z.strictObject({
  name: z.string(),
  /** Networks with a place for blocks, which are compared as blocks; published networks are a group of their own. */
  group: z.enum(['lightnet', 'network']),
  /** Printable selection, for example `lightnet(block=meta-light(spatial=repso,expansion=3))`. */
  selection: z.string(),
  /** Hash of the training graph. */
  fingerprint: z.string(),
  /** Hash of the skeleton around the block. */
  skeleton: z.string(),
  costs: z.strictObject({ train: formCost, deploy: formCost }),
  /** Share of parameters and MACs held by the blocks under test, 0..1. */
  blockShare: z.strictObject({ params: z.number(), macs: z.number() }),
  /** Of a Meta Basic Block or an instance of it, in the first block of the last stage. */
  channelOperators: z.array(channelOperator).optional(),
  /** Hash of the weights that training starts from, where they are not random. */
  init: z.string().optional(),
  /** In a factorial suite, the level of each factor, for example `{ S1: 'identity', S2: 'depthwise' }`. */
  factors: z.record(z.string(), z.string()).optional(),
  budget: budget.optional(),
});

/**
 * A candidate as planned: its parts, its costs in both forms, what the budget search chose.
 * @interface
 */
export type CandidateRecord = z.infer<typeof candidateSchema>;

/** What the blocks under test hold; null where a network as a whole is compared, and none of its blocks is under test. */
export const blockShareOf = ({
  group,
  blockShare,
}: Pick<CandidateRecord, 'group' | 'blockShare'>): CandidateRecord['blockShare'] | null =>
  group === 'lightnet' ? blockShare : null;
