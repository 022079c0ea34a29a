/** Values of options as users write them. */
import { InvalidArgumentError } from 'commander';
import type { OptionValue } from '../../blocks/define.js';
import { parseSetting } from '../../blocks/selector.js';
import type { MapShape } from '../graph/shape.js';
import type { Budget } from '../run/suite-schema.js';

/** `--set a=1 b=2`, repeated or not. */
export const collectSettings = (
  text: string,
  before: Readonly<Record<string, OptionValue>> = {},
): Readonly<Record<string, OptionValue>> => {
  const [key, value] = parseSetting(text);
  return { ...before, [key]: value };
};

/** `3x224x224`. */
export const parseInput = (text: string): MapShape => {
  const [channels, height, width, ...rest] = text.split('x').map(Number);
  const shape = [channels, height, width].filter((n) => n !== undefined && Number.isInteger(n) && n > 0);
  if (shape.length !== 3 || rest.length > 0 || !channels || !height || !width) {
    throw new InvalidArgumentError('It is written CHANNELSxHEIGHTxWIDTH, for example 3x224x224.');
  }
  return [channels, height, width];
};

/** A whole number of at least 1. */
export const parseCount = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It is a whole number of at least 1.');
};

/** A whole number of at least 0. */
export const parseSeed = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It is a whole number of at least 0.');
};

/** `0.05,0.1,0.2`. */
export const parseLearningRates = (text: string): readonly number[] => {
  const rates = text.split(',').map(Number);
  const positive = rates.every((rate) => Number.isFinite(rate) && rate > 0);
  if (positive && rates.length >= 2 && new Set(rates).size === rates.length) return rates;
  throw new InvalidArgumentError('It is two or more different learning rates, for example 0.05,0.1,0.2.');
};

/** `params=1.5M`, `latency=2.5`. */
export const parseBudget = (text: string): Pick<Budget, 'metric' | 'target'> => {
  const [, counted, digits, unit = ''] = /^(params|macs)=(\d+(?:\.\d+)?)([kMG]?)$/.exec(text) ?? [];
  const [, ms] = /^latency=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const target = ms === undefined ? Number(digits) * (UNITS[unit] ?? 1) : Number(ms);
  if (target > 0) {
    return { metric: ms !== undefined ? 'latency' : counted === 'params' ? 'params' : 'macs', target };
  }
  throw new InvalidArgumentError(
    'It is written METRIC=NUMBER, for example params=1.5M, macs=300M or latency=2.5 (ms), and the number is above 0.',
  );
};

const UNITS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9 };
