import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';

/** Option of blocks that are wider, or narrower, between their two channel operators. */
export const expansionOption = (standard: number) =>
  z
    .number()
    .positive()
    .max(64)
    .default(standard)
    .describe('Hidden width over input width; the hidden width must be a whole number.');

/** `expansion * channels`. Throws UserError, naming `id`, where that is not a whole number of at least 1. */
export const hiddenWidth = (id: string, channels: number, expansion: number): number =>
  wholeWidth(expansion * channels, (exact, nearest) => [
    `${id}: expansion ${expansion} of ${channels} channels gives ${exact} hidden channels.`,
    `The nearest valid expansions are ${nearest.map((width) => `${width}/${channels} (${width / channels})`).join(' and ')}.`,
  ]);

/** `channels / reduction`. Throws UserError, naming `id`, where that is not a whole number of at least 1. */
export const reducedWidth = (id: string, channels: number, reduction: number): number =>
  wholeWidth(channels / reduction, (exact, nearest) => [
    `${id}: reduction ${reduction} of ${channels} channels gives ${exact} hidden channels.`,
    `The nearest valid reductions are ${nearest.map((width) => `${channels}/${width} (${channels / width})`).join(' and ')}.`,
  ]);

const wholeWidth = (
  exact: number,
  explain: (exact: number, nearest: readonly number[]) => readonly [message: string, remedy: string],
): number => {
  const whole = Math.round(exact);
  if (whole >= 1 && Math.abs(exact - whole) < ROUNDING) return whole;
  const nearest = [Math.floor(exact), Math.ceil(exact)].filter((width) => width >= 1);
  throw new UserError(...explain(Number(exact.toPrecision(6)), nearest));
};

/** So that 1/3 written with six digits still means a third of 96. */
const ROUNDING = 1e-3;
