import { describe, expect, it } from 'vitest';
import { otherwiseText, unequalCostsText } from '../../../reports/wording/otherwise.js';

describe('what else differs', () => {
  it.each([
    [{ macsRatio: 1.2, latencyRatio: 0.9 }, ''],
    [{ macsRatio: 1.8, latencyRatio: null }, '1.8 times the multiply-adds'],
    [{ macsRatio: 0.5, latencyRatio: 1.3 }, '0.50 times the multiply-adds and 1.3 times the latency'],
    [{ macsRatio: 1, latencyRatio: 0.79 }, '0.79 times the latency'],
  ])('%o is said where it is more than a quarter', (otherwise, text) => {
    expect(otherwiseText({ otherwise })).toBe(text);
  });

  it('is not said of comparisons of anything but accuracy', () => expect(otherwiseText({})).toBe(''));

  it('names every ratio that stands in the way', () => {
    const costs = [
      { metric: 'macs', ratio: 4.05, most: 1.05 },
      { metric: 'params', ratio: 0.5, most: 1.05 },
    ] as const;
    expect(unequalCostsText(costs)).toBe(
      'the left side has 4.0 times the multiply-adds and 0.50 times the parameters of the right',
    );
  });
});
