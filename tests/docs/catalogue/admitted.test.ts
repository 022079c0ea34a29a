import { describe, expect, it } from 'vitest';
import { listDefinitions } from '../../../blocks/lookup.js';
import { admittedChannels, describeAdmitted, MOST_CHANNELS } from '../../../docs/catalogue/admitted.js';

const upTo = (holds: (channels: number) => boolean): readonly number[] =>
  Array.from({ length: MOST_CHANNELS }, (_, i) => i + 1).filter(holds);

describe('the numbers of channels that a part admits', () => {
  it.each(
    listDefinitions()
      .filter(({ kind }) => kind !== 'network')
      .map((part) => [part.id, part] as const),
  )('%s: all, or its record says which', (_id, part) => {
    const admitted = admittedChannels(part);
    expect(admitted).not.toEqual([]);
    if (part.admits === undefined) expect(describeAdmitted(admitted)).toBe('all');
    else expect(part.admits).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    ['all', upTo(() => true)],
    ['all from 3', upTo((n) => n >= 3)],
    ['multiples of 4', upTo((n) => n % 4 === 0)],
    ['multiples of 2 from 4', upTo((n) => n % 2 === 0 && n > 2)],
    ['1, 2, 4, 8, 16, 32, 64', upTo((n) => MOST_CHANNELS % n === 0)],
    [
      '2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37 ...',
      upTo((n) => n > 1 && upTo((d) => d < n && n % d === 0).length === 1),
    ],
    ['none', []],
  ])('are described as %s', (text, channels) => {
    expect(describeAdmitted(channels)).toBe(text);
  });
});
