import { findDefinition } from '../../blocks/lookup.js';
import type { OptionValue } from '../../blocks/part.js';

/** What a network is narrowed by, where it has such options: its least usual width, and a head that is not made for 1000 classes. */
const NARROWER: Readonly<Record<string, readonly number[]>> = { width: [0.25, 0.5], headWidth: [64] };

/** Options that make a network of the same operations with fewer channels: what is tested of its structure costs less. */
export const narrowed = (id: string): Record<string, OptionValue> => {
  const { shape } = findDefinition(id).options;
  return Object.fromEntries(
    Object.entries(NARROWER).flatMap(([option, values]) => {
      const value = values.find((candidate) => shape[option]?.safeParse(candidate).success);
      return value === undefined ? [] : [[option, value]];
    }),
  );
};
