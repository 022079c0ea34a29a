/** What `results.csv` holds of int8; empty where the suite asks for none. */

import { type Int8Setting, int8Corrections } from '../training/int8.js';
import { type CsvColumn, column, ofInt8, ofInt8Latency } from './csv-column.js';

export const INT8_COLUMNS: readonly CsvColumn[] = [
  column(
    'int8_setting',
    '',
    'How networks are quantised: calibration, its number of training images, scales of the weights, and whether they are equalised, biases corrected or networks fine-tuned.',
    ({ plan: { conditions } }) => (conditions.int8 === undefined ? null : settingWords(conditions.int8)),
  ),
  column(
    'int8_test_top1',
    'share, 0 to 1',
    'Share of test images classified correctly by the same network in int8.',
    ofInt8(({ testTop1 }) => testTop1),
  ),
  column(
    'int8_test_loss',
    'nats',
    'Mean cross-entropy over the test images in int8.',
    ofInt8(({ testLoss }) => testLoss),
  ),
  column(
    'int8_drop',
    'share, -1 to 1',
    'Test top-1 in float less that in int8.',
    ofInt8(({ testTop1 }, float) => float.testTop1 - testTop1),
  ),
  column(
    'int8_weight_bytes',
    'bytes',
    'Weights in int8, their scales, biases in int32, and weights that stay in float32.',
    ofInt8(({ weightBytes }) => weightBytes),
  ),
  column(
    'int8_float_operations',
    'operations',
    'Operations that are computed in float32 in the int8 form.',
    ofInt8(({ floatOperations }) => floatOperations.length),
  ),
  column(
    'int8_latency_median_ms',
    'ms per batch',
    'Median latency of the int8 form over all rounds, the same rounds as in float.',
    ofInt8Latency(({ medianMs }) => medianMs),
  ),
  column(
    'int8_latency_low_ms',
    'ms per batch',
    'Lower end of the 95 % interval of the median int8 latency.',
    ofInt8Latency(({ interval95Ms: [low] }) => low),
  ),
  column(
    'int8_latency_high_ms',
    'ms per batch',
    'Upper end of the 95 % interval of the median int8 latency.',
    ofInt8Latency(({ interval95Ms: [, high] }) => high),
  ),
  column('int8_latency_error', '', 'Why the int8 latency measurement failed.', ({ int8Latency }) =>
    int8Latency.state === 'failed' ? int8Latency.error : null,
  ),
];

/** For example `min-max 256 per-tensor equalised`. */
const settingWords = (setting: Int8Setting): string =>
  [setting.calibration, setting.images, setting.weights, ...int8Corrections(setting)].join(' ');
