/** What int8 does to a run's networks, in words. */
import type { Estimate, Int8Analysis } from '../../harness/analysis/analysis.js';
import { type Calibration, fineTuningWords, type Int8Setting } from '../../results/training/int8.js';
import { fixed } from '../text/numbers.js';
import { plainText } from '../text/text.js';
import { listed, plural } from '../text/words.js';
import { effectText } from './effect-text.js';

const METHODS: Record<Calibration, string> = {
  'min-max': 'by their least and largest values',
  percentile: 'by percentiles',
  entropy: 'by entropy',
  mse: 'by the least mean square error',
};

/** For example `Weights in int8 with a scale per channel, activations in uint8 with ranges of 512 training images, by percentiles.` */
export const settingText = ({
  calibration,
  images,
  weights,
  equalise,
  correctBias,
  fineTune,
}: Int8Setting): string => {
  const scale = weights === 'per-channel' ? 'for each output channel' : 'for each layer';
  const further = [
    ...(equalise ? ['Layers are equalised.'] : []),
    ...(correctBias ? ['Biases are corrected on the same images.'] : []),
    ...(fineTune ? [`Networks are fine-tuned under this rounding for ${fineTuningWords(fineTune)}.`] : []),
  ];
  return [
    `Weights in int8 with a scale ${scale}, activations in uint8 with ranges from ${images} training images, ${METHODS[calibration]}.`,
    ...further,
    'Drops are paired by trial and image.',
  ].join(' ');
};

/** For a terminal: a line a candidate, then what changes between float and int8. */
export const int8Lines = (int8: Int8Analysis): string[] => {
  const lines = int8.candidates.map(({ candidate, top1, drop, speedUp }) => {
    const accuracy =
      top1 === null
        ? 'not tested'
        : `top-1 ${fixed(100 * top1.value, 2)} %, drop ${drop === null ? 'unknown' : dropText(drop)}`;
    const times = speedUp === null ? '' : `, ${fixed(speedUp.value, 2)} times as fast as in float`;
    return `${plainText(candidate)}: ${accuracy}${times}`;
  });
  const order = int8.orderChanges.length === 0 ? [ORDER_KEPT] : orderChangedTexts(int8);
  return [settingText(int8.setting), ...lines, ...order];
};

/** For example `+0.04 points [−0.11, +0.20]`. */
const dropText = (drop: Estimate): string => {
  const { value, interval } = effectText({ effect: drop.value, interval: drop.interval });
  return `${value} points${interval === null ? '' : ` ${interval}`}`;
};

export const ORDER_KEPT = 'No pair is decided one way in float and the other way in int8.';

export const orderChangedTexts = ({ orderChanges }: Int8Analysis): readonly string[] =>
  orderChanges.map(
    ({ candidate, reference }) =>
      `The order of ${plainText(candidate)} and ${plainText(reference)} is decided one way in float and the other way in int8.`,
  );

/** What is computed in float32 in the int8 form, candidate by candidate; of all alike, once. */
export const floatOperationsText = ({ candidates }: Int8Analysis): readonly string[] => {
  const byText = new Map<string, string[]>();
  for (const { candidate, weightBytes, floatOperations } of candidates) {
    if (weightBytes === null) continue;
    const kinds = [...new Set(floatOperations.map(({ op, reason }) => `${op} (${reason})`))];
    const text =
      kinds.length === 0
        ? 'every operation in integers'
        : `${plural(floatOperations.length, 'operation')} in float32: ${listed(kinds)}`;
    byText.set(text, [...(byText.get(text) ?? []), plainText(candidate)]);
  }
  return [...byText].map(([text, names]) => `${listed(names)}: ${text}.`);
};

/** Where the processor has something to say. */
export const sumsText = ({ sums }: Int8Analysis): readonly string[] => {
  if (sums === undefined || sums === 'exact') return [];
  return [
    sums === null
      ? 'Whether the processor has instructions for int8 (VNNI) is not known: int8 latency was measured with products that are exact without them, and slower.'
      : 'The processor has no instructions for int8 (VNNI): int8 latency was measured with products that are exact without them, and slower.',
  ];
};
