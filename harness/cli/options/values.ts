/** Values of options as users write them. */
import { InvalidArgumentError } from 'commander';
import { parseSetting } from '../../../blocks/choice.js';
import type { OptionValue } from '../../../blocks/part.js';
import { inchesOf, type Length, type LengthUnit, UNITS_PER_INCH } from '../../../reports/figure/length.js';
import { BUDGET_METRICS, type BudgetMetric } from '../../../results/plan/budget-metrics.js';
import type { MapShape } from '../../graph/shape.js';
import type { Budget } from '../../run/plan/suite/suite-schema.js';
import { didYouMean } from '../../user/did-you-mean.js';
import { MOST } from '../../user/limits.js';

/** `--set a=1 b=2`, repeated or not. */
export const collectSettings = (
  text: string,
  before: Readonly<Record<string, OptionValue>> = {},
): Readonly<Record<string, OptionValue>> => {
  const [key, value] = parseSetting(text);
  return { ...before, [key]: value };
};

/** `expansion=2,3,4`: an option and the numbers that it may be, each once. */
export const parseKnob = (text: string): Knob => {
  const [option, value] = parseSetting(text);
  const values = typeof value === 'number' ? [value] : value;
  const isList = Array.isArray(values) && values.length > 0 && values.length <= MOST.values;
  if (isList && new Set(values).size === values.length) return { option, values };
  throw new InvalidArgumentError(
    'Expected an argument and its numbers, each once, for example expansion=2,3,4.',
  );
};

interface Knob {
  readonly option: string;
  readonly values: number[];
}

/** `3x224x224`. */
export const parseInput = (text: string): MapShape => {
  const [channels, height, width, ...rest] = text.split('x').map(Number);
  const shape = [channels, height, width].filter(
    (n) => n !== undefined && Number.isInteger(n) && n > 0 && n <= MOST.channels,
  );
  if (shape.length !== 3 || rest.length > 0 || !channels || !height || !width) {
    throw new InvalidArgumentError(
      `Expected CHANNELSxHEIGHTxWIDTH, for example 3x224x224, each from 1 to ${MOST.channels}.`,
    );
  }
  return [channels, height, width];
};

/** A whole number from 1 to `most`. */
export const countUpTo = (most: number) => wholeNumber(1, most);

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };

/** 0 for any that is free. */
export const parsePort = wholeNumber(0, 65_535);

/** `cuda:0-3` or `cuda:0,2`: the numbers, each once. */
export const parseGpus = (text: string): readonly number[] => {
  const [, list = ''] = /^cuda:([\d,-]+)$/.exec(text) ?? [];
  const numbers = list.split(',').flatMap((part) => {
    const [, first, last = first] = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    return count > 0 ? Array.from({ length: count }, (_, i) => Number(first) + i) : [Number.NaN];
  });
  if (numbers.every(Number.isInteger) && new Set(numbers).size === numbers.length) return numbers;
  throw new InvalidArgumentError(
    'Expected the numbers of CUDA devices, each once, for example cuda:0-3 or cuda:0,2.',
  );
};

/** None, or a few. */
export const parseRetries = wholeNumber(0, MOST.retries);

/** A whole number of 32 bits. */
export const parseSeed = wholeNumber(0, 2 ** 32 - 1);

/** `90s`, `30m`, `2h` or `1.5h`, in seconds. */
export const parseDuration = (text: string): number => {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  const seconds = Number(digits) * (SECONDS[unit] ?? Number.NaN);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError('It is a time above 0, for example 90s, 30m or 2h.');
};

/** As microcontrollers are sold. */
const CHIP_BYTES: Readonly<Record<string, number>> = { kB: 2 ** 10, MB: 2 ** 20 };

/** `320kB,1MB`: bytes of memory for activations and for weights, counted as microcontrollers are sold, a kB of 1024 bytes. */
export const parseMemories = (text: string): Memories => {
  const sizes = text.split(',').map((size) => {
    const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(kB|MB)$/.exec(size.trim()) ?? [];
    return Number(digits) * (CHIP_BYTES[unit] ?? Number.NaN);
  });
  const [activations = 0, weights = 0] = sizes;
  if (sizes.length === 2 && activations > 0 && weights > 0) return { activations, weights };
  throw new InvalidArgumentError(
    'Expected two sizes in kB or MB, of the memory for activations and for weights, for example 320kB,1MB.',
  );
};

/** In bytes. */
export interface Memories {
  readonly activations: number;
  readonly weights: number;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** The same, as long as a timer can be set: 24 days. */
export const parseTimeLimit = (text: string): number => {
  const seconds = parseDuration(text);
  if (seconds <= MOST.timerSeconds) return seconds;
  throw new InvalidArgumentError('Expected at most 576h.');
};

/** `12h` or `30d`, in seconds. */
export const parseAge = (text: string): number => {
  const [, digits, unit = ''] = /^(\d+)([hd])$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits) * (unit === 'd' ? 24 * 3600 : 3600);
  throw new InvalidArgumentError('Expected hours or days, for example 12h or 30d.');
};

/** `512M`, `2G` or `1.5G`, in bytes; units are powers of 1024. */
export const parseMemory = (text: string): number => {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([MG])$/.exec(text) ?? [];
  const bytes = Math.round(Number(digits) * (BYTES[unit] ?? Number.NaN));
  if (bytes > 0) return bytes;
  throw new InvalidArgumentError('Expected a size above 0, for example 512M or 2G.');
};

const BYTES: Readonly<Record<string, number>> = { M: 2 ** 20, G: 2 ** 30 };

/** `0.05,0.1,0.2`. */
export const parseLearningRates = (text: string): readonly number[] => {
  const rates = text.split(',').map(Number);
  const positive = rates.every((rate) => Number.isFinite(rate) && rate > 0);
  if (positive && rates.length >= 2 && new Set(rates).size === rates.length) return rates;
  throw new InvalidArgumentError('Expected two or more different learning rates, for example 0.05,0.1,0.2.');
};

/** `--budget params=1.5M`, and perhaps `--budget macs=20M` beside it. */
export const collectBudgets = (
  text: string,
  before: readonly BudgetTarget[] = [],
): readonly BudgetTarget[] => {
  const budgets = [...before, parseBudget(text)];
  const metrics = new Set(budgets.map(({ metric }) => metric));
  if (budgets.length === metrics.size && (budgets.length === 1 || !metrics.has('latency'))) return budgets;
  throw new InvalidArgumentError(
    'Two budgets must be on two of params, macs and peak-memory; a latency budget cannot be combined with another.',
  );
};

type BudgetTarget = Pick<Budget, 'metric' | 'target'>;

/** `params=1.5M`, `peak-memory=320kB`, `latency=2.5`. */
const parseBudget = (text: string): BudgetTarget => {
  const [, name, digits, unit = ''] = /^([a-z-]+)=(\d+(?:\.\d+)?)(\w*)$/.exec(text) ?? [];
  const metric = BUDGET_METRICS.find((one) => one === name);
  const target =
    metric === undefined ? Number.NaN : Number(digits) * (BUDGET_UNITS[metric][unit] ?? Number.NaN);
  if (metric !== undefined && target > 0) return { metric, target };
  const expected =
    'Expected METRIC=NUMBER with a positive number, for example params=1.5M, macs=300M, peak-memory=320kB (int8) or latency=2.5 (ms).';
  const stranger = metric === undefined ? (name ?? '') : '';
  throw new InvalidArgumentError(didYouMean(stranger, BUDGET_METRICS, expected));
};

const COUNTS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

/** What a number stands for, by the unit behind it. */
const BUDGET_UNITS: Readonly<Record<BudgetMetric, Readonly<Record<string, number>>>> = {
  params: COUNTS,
  macs: COUNTS,
  'peak-memory': CHIP_BYTES,
  latency: { '': 1 },
};

/** `gpu,pi5`. */
export const parseTags = (text: string): readonly string[] => {
  const tags = text.split(',');
  if (tags.every((tag) => /^[a-z0-9][a-z0-9.-]{0,49}$/.test(tag)) && new Set(tags).size === tags.length) {
    return tags;
  }
  throw new InvalidArgumentError(
    'Expected different names of small letters and digits, for example gpu,pi5.',
  );
};

/** `3.25in`, `82mm`, `234pt`, `400px`. */
export const parseLength = (text: string): Length => {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(text) ?? [];
  const known = LENGTH_UNITS.find((one) => one === unit);
  const length = { value: Number(digits), unit: known ?? 'in' };
  const inches = known === undefined ? Number.NaN : inchesOf(length);
  if (inches >= 0.5 && inches <= 50) return length;
  throw new InvalidArgumentError(
    `Expected a length from half an inch to 50 inches in ${LENGTH_UNITS.join(', ')}, for example 3.25in.`,
  );
};

const LENGTH_UNITS = Object.keys(UNITS_PER_INCH) as LengthUnit[];

/** Which of the known ones the parts name, the first part that is none of them, and whether one is named twice. */
export const namedAmong = <T extends string>(parts: readonly string[], known: readonly T[]) => ({
  named: parts.flatMap((part) => known.filter((one) => one === part)),
  stranger: parts.find((part) => !known.some((one) => one === part)),
  isTwice: new Set(parts).size < parts.length,
});

/** `a,b`, each one of these, none twice. */
export const listOf =
  <T extends string>(known: readonly T[]) =>
  (text: string): readonly T[] => {
    const parts = text.split(',').map((part) => part.trim());
    const { named, stranger, isTwice } = namedAmong(parts, known);
    if (stranger !== undefined) {
      const expected = `Expected some of ${known.join(', ')}.`;
      throw new InvalidArgumentError(`Unknown "${stranger}". ${didYouMean(stranger, known, expected)}`);
    }
    if (isTwice) throw new InvalidArgumentError('One is named twice.');
    return named;
  };
