/** Sets of channels as bits, 32 to a word. Immutable: sets are shared between the channels that have the same. */

export type ChannelSet = Uint32Array;

export const singleChannel = (channel: number, channels: number): ChannelSet => {
  const set = new Uint32Array(Math.ceil(channels / WORD));
  set[Math.floor(channel / WORD)] = 1 << (channel % WORD);
  return set;
};

export const union = (sets: readonly ChannelSet[]): ChannelSet => {
  const [first, ...rest] = new Set(sets);
  if (!first) throw new RangeError('A union of no sets has no size.');
  if (rest.length === 0) return first;
  const all = first.slice();
  for (const set of rest) for (let i = 0; i < all.length; i++) all[i] = (all[i] ?? 0) | (set[i] ?? 0);
  return all;
};

export const hasChannel = (set: ChannelSet, channel: number): boolean =>
  (((set[Math.floor(channel / WORD)] ?? 0) >>> (channel % WORD)) & 1) === 1;

export const channelCount = (set: ChannelSet): number => {
  let count = 0;
  for (let word of set) for (; word !== 0; word &= word - 1) count += 1;
  return count;
};

const WORD = 32;
