import { describe, expect, it } from 'vitest';
import { MALFORMED } from '../support/malformed.js';

describe.each(MALFORMED)('10,000 times a malformed $name', ({ check }) => {
  it('is refused, or read as what it was', async () => {
    const { refused, same } = await check(10_000);
    expect(refused + same).toBe(10_000);
    expect(refused).toBeGreaterThan(1_000);
  });
});
