import { describe, expect, it } from 'vitest';
import { MALFORMED } from '../support/malformed.js';

describe.each(MALFORMED)('a malformed $name', ({ check }) => {
  it('is refused, or read as what it was', async () => {
    const { refused } = await check(300);
    expect(refused).toBeGreaterThan(50);
  });
});
