/** What `results.csv` holds: the one table that the file, the docs and the report take names, units and definitions from. */
import { blockShareOf } from '../plan/candidate.js';
import { BUDGET_COLUMNS } from './csv-budget-columns.js';
import { type CsvColumn, column, ofLastEpoch, ofLatency, ofResult } from './csv-column.js';
import { INT8_COLUMNS } from './csv-int8-columns.js';

/** The columns of `results.csv`, in order. */
export const COLUMNS: readonly CsvColumn[] = [
  column('suite', '', 'Suite that planned the trial.', ({ plan }) => plan.suite),
  column('candidate', '', 'Name of the candidate in the suite.', ({ candidate }) => candidate.name),
  column(
    'group',
    '',
    '`lightnet`: a network with a place for blocks; `network`: a published network as a whole.',
    ({ candidate }) => candidate.group,
  ),
  column('selection', '', 'The network with all its options.', ({ candidate }) => candidate.selection),
  column(
    'seed',
    '',
    'Determines initial weights, image order and augmentation; candidates are paired by equal seeds.',
    ({ trial }) => trial.seed,
  ),
  column(
    'state',
    '',
    '`done`, `failed` or `pending` (never run, or interrupted).',
    ({ trial }) => trial.state,
  ),
  column(
    'reused_from',
    '',
    'Run, folder and time of the training, if an earlier run made the result; its training time is that of then.',
    ({ trial }) =>
      trial.state === 'done' && trial.from !== undefined
        ? `${trial.from.suite} ${trial.from.run} (${trial.from.folder}) ${trial.from.at}`
        : null,
  ),
  column('error', '', 'Why the trial failed.', ({ trial }) =>
    trial.state === 'failed' ? trial.error : null,
  ),
  ...(['train', 'deploy'] as const).flatMap((form) => [
    column(
      `params_${form}`,
      'parameters',
      `Learnable scalars of the ${form} form: batch-norm scale and shift included, running statistics excluded.`,
      ({ candidate }) => candidate.costs[form].params,
    ),
    column(
      `macs_${form}`,
      'MACs per image',
      `Multiply-accumulates of convolutions, dense layers and matrix products, ${form} form; many papers call these FLOPs.`,
      ({ candidate }) => candidate.costs[form].macs,
    ),
    column(
      `flops_${form}`,
      'FLOPs per image',
      `Every floating-point operation, ${form} form: 2 per MAC, plus those of all other operations.`,
      ({ candidate }) => candidate.costs[form].flops,
    ),
    column(
      `activation_bytes_${form}`,
      'bytes per image',
      `Total bytes written by all operations in float32, ${form} form.`,
      ({ candidate }) => candidate.costs[form].activationBytes,
    ),
    column(
      `peak_memory_values_${form}`,
      'values per image',
      `Activations kept at once in the best order of the operations, ${form} form: a byte each in int8, four in float32.`,
      ({ candidate }) => candidate.costs[form].peakMemory?.values ?? null,
    ),
    column(
      `peak_memory_at_${form}`,
      '',
      `The operation that runs when most activations are kept, ${form} form.`,
      ({ candidate }) => candidate.costs[form].peakMemory?.path ?? null,
    ),
    column(
      `weight_bytes_${form}`,
      'bytes',
      `All weights of the ${form} form in int8, biases in 32 bits, those of norms too; four bytes a parameter in float32.`,
      ({ candidate }) => candidate.costs[form].weightBytes ?? null,
    ),
  ]),
  column(
    'test_top1',
    'share, 0 to 1',
    'Share of test images classified correctly, evaluated once, after the last epoch.',
    ofResult(({ testTop1 }) => testTop1),
  ),
  column(
    'test_loss',
    'nats',
    'Mean cross-entropy over the test images.',
    ofResult(({ testLoss }) => testLoss),
  ),
  column(
    'validation_top1',
    'share, 0 to 1',
    'Share of validation images classified correctly after the last epoch.',
    ofLastEpoch(({ validationTop1 }) => validationTop1),
  ),
  column(
    'validation_loss',
    'nats',
    'Mean cross-entropy over the validation images after the last epoch.',
    ofLastEpoch(({ validationLoss }) => validationLoss),
  ),
  column(
    'train_loss',
    'nats',
    'Mean loss over the batches of the last epoch, label smoothing and augmentation included.',
    ofLastEpoch(({ trainLoss }) => trainLoss),
  ),
  column(
    'learning_rate',
    '',
    'Peak learning rate: that of the recipe, or the one chosen by tuning on validation images.',
    ofResult(({ learningRate }) => learningRate ?? null),
  ),
  column(
    'train_seconds',
    's',
    'Training time, evaluation excluded.',
    ofResult(({ trainSeconds }) => trainSeconds),
  ),
  column(
    'train_images_per_second',
    'images/s',
    'Training images per second, evaluation excluded.',
    ofResult(({ trainImagesPerSecond }) => trainImagesPerSecond),
  ),
  column(
    'latency_state',
    '',
    '`done`, `failed` or `pending`; latency is measured per candidate and repeated in its rows.',
    ({ latency }) => latency.state,
  ),
  column('latency_error', '', 'Why the latency measurement failed.', ({ latency }) =>
    latency.state === 'failed' ? latency.error : null,
  ),
  column(
    'latency_median_ms',
    'ms per batch',
    'Latency of the deploy form: median over rounds of each round’s median.',
    ofLatency(({ medianMs }) => medianMs),
  ),
  column(
    'latency_low_ms',
    'ms per batch',
    'Lower end of the 95 % interval of the median latency.',
    ofLatency(({ interval95Ms }) => interval95Ms[0]),
  ),
  column(
    'latency_high_ms',
    'ms per batch',
    'Upper end of the 95 % interval of the median latency.',
    ofLatency(({ interval95Ms }) => interval95Ms[1]),
  ),
  column(
    'latency_batch',
    'images',
    'Batch size of the latency measurement.',
    ofLatency(({ batch }) => batch),
  ),
  column(
    'latency_threads',
    '',
    'Engine threads of the latency measurement.',
    ofLatency(({ threads }) => threads),
  ),
  ...INT8_COLUMNS,
  ...BUDGET_COLUMNS,
  column(
    'block_share_params',
    'share, 0 to 1',
    'Share of the parameters in the blocks under test; the rest is stem, subsampling and head. Empty for published networks.',
    ({ candidate }) => blockShareOf(candidate)?.params ?? null,
  ),
  column(
    'block_share_macs',
    'share, 0 to 1',
    'Share of the MACs in the blocks under test. Empty for published networks.',
    ({ candidate }) => blockShareOf(candidate)?.macs ?? null,
  ),
  column(
    'engine',
    '',
    'Engine, version and device of training and latency.',
    ({ plan: { conditions } }) =>
      `${conditions.engine.id} ${conditions.engine.version} ${conditions.engine.device}`,
  ),
  column(
    'dataset_hash',
    '',
    'Hash of the images, their labels and the split.',
    ({ plan }) => plan.conditions.dataset.contentHash,
  ),
  column(
    'skeleton_fingerprint',
    '',
    'Hash of the network around the blocks; only candidates with equal skeletons are compared.',
    ({ candidate }) => candidate.skeleton,
  ),
  column('train_fingerprint', '', 'Hash of the training graph.', ({ candidate }) => candidate.fingerprint),
  column('key', '', 'Content key of the trial: equal keys, equal trial.', ({ trial }) => trial.key),
];
