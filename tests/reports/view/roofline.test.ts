import { describe, expect, it } from 'vitest';
import { rooflineTable } from '../../../reports/page/networks/roofline.js';
import { abovePeakText, rooflineOf, shareOfPeak } from '../../../reports/view/roofline.js';
import { viewOf } from '../../../reports/view/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { profileOf } from '../../support/profiled-run.js';
import { runFixture } from '../../support/run-fixture.js';

const { run } = runFixture({ epochs: 2 });
const profile = profileOf(run);

/** At so many GMACs/s. */
const kernel = (path: string, speed: number, ms = 1) =>
  ({ path, kind: 'pointwise', macs: speed * 1e6 * ms, bytes: 1, ms }) as const;

const textOf = (...kernels: ReturnType<typeof kernel>[]): string | null => {
  const networks = [{ name: 'a', medianMs: 1, interval95Ms: [1, 1] as [number, number], kernels }];
  const [network] = rooflineOf({ ...profile, networks }).networks;
  return abovePeakText(network ?? { abovePeak: null });
};

describe('kernels above the peak of 50 GMACs/s', () => {
  it('are told in words, the fastest with its speed', () => {
    expect(textOf(kernel('a', 49), kernel('b', 50))).toBeNull();
    expect(textOf(kernel('a', 49), kernel('b', 56.7))).toMatch(/^b reaches 56\.7 GMACs\/s, above the peak: /);
    expect(textOf(kernel('a', 51), kernel('b', 56.7), kernel('c', 52))).toMatch(/as do 2 other kernels: /);
  });

  it('are none where the profiler takes as long as they do', () => {
    expect(textOf(kernel('a', 56.7, profile.profilerMs))).toBeNull();
  });

  it('have no share above 100 %', () => {
    expect([25e9, 50e9, 56e9].map((rate) => shareOfPeak(rate, 50e9))).toEqual([
      '50.0 % of the peak',
      '100.0 % of the peak',
      'above the peak',
    ]);
  });

  it('are a caution of the page, without a share above 100 %', () => {
    const slow = { ...profile, peakMacsPerSecond: 1e6 };
    const view = viewOf({ run: { ...run, profile: slow }, analysis: analysisFixture(run) });
    const markup = rooflineTable(view)?.markup ?? '';
    expect(markup.match(/: expand reaches/g)).toHaveLength(view.candidates.length);
    expect(markup.match(/>above</g)).toHaveLength(view.candidates.length);
  });
});
