import { expect, it } from 'vitest';
import { analyse } from '../../../../harness/analysis/analyse.js';
import type { ClaimAnswer } from '../../../../harness/analysis/analysis.js';
import { answer } from '../../../../reports/page/answer/answer.js';
import { viewOf } from '../../../../reports/view/view.js';
import { type MeasuredCandidate, measuredRun } from '../../../support/measured-run.js';

const IMAGES = 1000;

/** Of every seed, the first so many images right. */
const bySeed = (...right: readonly number[]) =>
  right.map((count) => Array.from({ length: IMAGES }, (_, image) => (image < count ? 1 : 0)));

const textOf = (...candidates: readonly (readonly [string, ReturnType<typeof bySeed>])[]): string =>
  answerTo(candidates.map(([name, correct]) => ({ name, correct })));

const answerTo = (candidates: readonly MeasuredCandidate[], claims: readonly string[] = []): string => {
  const run = measuredRun({ candidates, claims });
  return answer(viewOf({ run, analysis: analyse(run) })).markup.replace(/<[^>]*>/g, '');
};

it('calls none the most accurate whose mean is below that of a later one', () => {
  const best = ['best', bySeed(900, 901, 902, 900, 901)] as const;
  const steady = ['steady', bySeed(800, 801, 800, 802, 801)] as const;
  expect(textOf(best, steady, ['varied', bySeed(990, 500, 950, 550, 700)])).toMatch(
    /no test puts any of 3 candidates before these 2: best \(90\.1\u00a0%\) and varied \(73\.8\u00a0%\)/,
  );
  expect(textOf(best, steady, ['close', bySeed(880, 920, 870, 930, 890)])).toMatch(
    /no test separates the 2 most accurate of 3 candidates: best .* and close/,
  );
});

/** Of a group, at so many times the multiply-adds of the template. */
const costing = (group: 'lightnet' | 'network', times: number): Pick<MeasuredCandidate, 'record'> => {
  const [template] = measuredRun({ candidates: [{ name: 'x' }] }).plan.candidates;
  if (!template) throw new Error('no candidate');
  const { train, deploy } = template.costs;
  return { record: { group, costs: { train, deploy: { ...deploy, macs: times * deploy.macs } } } };
};

const best = bySeed(900, 901, 902, 900, 901);
const worst = bySeed(800, 801, 800, 802, 801);

it('says what the most accurate costs, where that is more than a quarter off', () => {
  const withMacs = (times: number) =>
    answerTo([
      { name: 'worst', correct: worst, ...costing('lightnet', 1) },
      { name: 'best', correct: best, ...costing('lightnet', times) },
    ]);
  expect(withMacs(2)).toMatch(
    /best is the most accurate of 2 .* It has 2\.0 times the multiply-adds of the others\./,
  );
  expect(withMacs(1.2)).not.toMatch(/multiply-adds/);
});

it('ranks no whole networks that differ in multiply-adds', () => {
  const networks = (...times: readonly number[]) =>
    answerTo(
      times.map((macs, i) => ({
        name: `n${i}`,
        correct: i === 0 ? best : worst,
        ...costing('network', macs),
      })),
    );
  expect(networks(1, 4)).toMatch(/not ranked by accuracy\. 1 pair is not comparable/);
  expect(networks(1, 1, 4)).toMatch(/n0 is the most accurate of 2 candidates .* 2 pairs are not comparable/);
});

it('says what a contradiction rests on where its interval has zero in it, and what would decide a latency', () => {
  const run = measuredRun({
    candidates: [
      { name: 'a', correct: best },
      { name: 'b', correct: worst },
    ],
  });
  const analysis = analyse(run);
  const [pair] = analysis.groups[0]?.comparisons ?? [];
  if (pair === undefined) throw new Error('nothing is compared');
  const withClaim = (claim: ClaimAnswer): string =>
    answer(viewOf({ run, analysis: { ...analysis, claims: [claim] } })).markup.replace(/<[^>]*>/g, '');
  const contradicted = (interval: readonly [number, number]) =>
    withClaim({
      claim: 'accuracy(a) &gt; accuracy(b)',
      state: 'contradicted',
      comparison: { ...pair, metric: 'top1', threshold: 0.002, interval },
    });
  expect(contradicted([-0.005, 0.0014])).toMatch(/; 0\.2 points or more that way are ruled out\./);
  expect(contradicted([-0.005, -0.001])).not.toContain('ruled out');
  const undecided = { ...pair, metric: 'latency', verdict: { state: 'undecided', needed: null } } as const;
  expect(
    withClaim({ claim: 'latency(a) = latency(b)', state: 'undecided', comparison: undecided }),
  ).toContain('no number of rounds within reason would decide it');
});

/** Between seeds, a and b differ by about two points, which is found among one pair and not among all. */
const CLOSE: readonly MeasuredCandidate[] = [
  { name: 'a', correct: bySeed(905, 900, 912) },
  { name: 'b', correct: bySeed(879, 880, 884) },
  ...['c', 'd', 'e', 'f'].map((name, i) => ({ name, correct: bySeed(870 + i, 905 - i, 890) })),
];

it('says of a supported statement that its pair is undecided among all pairs, and of no other', () => {
  const text = answerTo(CLOSE, ['accuracy(a) > accuracy(b)']);
  expect(text).toMatch(
    /^supported accuracy\(a\).*points \[\+.*\]; corrected for all 15 pairs, not only the statements, it is undecided\.$/m,
  );
  expect(answerTo(CLOSE.slice(0, 2), ['accuracy(a) > accuracy(b)'])).toMatch(
    /^supported (?!.*corrected for)/m,
  );
  expect(answerTo(CLOSE, ['accuracy(c) > accuracy(d)'])).toMatch(/^undecided (?!.*corrected for)/m);
});

/** By session, rounds of about so many milliseconds. */
const rounds = (ms: number) =>
  [0, 1, 2, 3].map((session) =>
    Array.from({ length: 8 }, (_, i) => ms * (1 + 1e-4 * ((5 * i + session) % 7))),
  );

it('names the latency of a statement about accuracy where it is decided, and multiply-adds that differ', () => {
  const beside = (ms: number, macs: number) =>
    answerTo(
      [
        { name: 'a', correct: best, roundMs: rounds(ms), ...costing('lightnet', macs) },
        { name: 'b', correct: worst, roundMs: rounds(1), ...costing('lightnet', 1) },
      ],
      ['accuracy(a) > accuracy(b)'],
    );
  expect(beside(1.08, 1)).toMatch(/^supported .*\], with 8 % more latency\.$/m);
  expect(beside(1, 0.88)).toMatch(/\], with 12 % fewer multiply-adds\.$/m);
  expect(beside(0.5, 1.5)).toMatch(/\], with 1\.5 times the multiply-adds and 50 % less latency\.$/m);
  expect(beside(1.0001, 1.001)).toMatch(/^supported [^,]*, \S*\]\.$/m);
});

it('names the fastest in the order of their latency, not of their accuracy', () => {
  const noisy = (ms: number, sign: number) =>
    rounds(ms).map((session, i) => session.map((time) => time * (1 + (i % 2 ? sign : -sign))));
  const text = answerTo([
    { name: 'slower', correct: best, roundMs: noisy(1.05, 0.2), medianMs: 1.05 },
    { name: 'faster', correct: worst, roundMs: noisy(1, -0.2) },
  ]);
  expect(text).toMatch(/The fastest, not separated by any test, are faster \(.*\) and slower \(/);
});

it('says how far apart in cost candidates are that no test separates', () => {
  const apart = (macs: number, ms = 1) =>
    answerTo([
      { name: 'a', correct: best, roundMs: rounds(1), ...costing('lightnet', 1) },
      { name: 'b', correct: best, roundMs: rounds(ms), medianMs: ms, ...costing('lightnet', macs) },
    ]);
  expect(apart(0.5)).toMatch(
    /separates the 2 candidates: .* Among them, one has up to 2\.0 times the multiply-adds of another\./,
  );
  expect(apart(0.9, 3)).toMatch(/Among them, one has up to 3\.0 times the latency of another\./);
  expect(apart(0.9)).not.toMatch(/one has/);
});

it('says of a group of one that it is alone, and not that others have no result', () => {
  expect(textOf(['a', best])).toMatch(/: a alone, top-1 90\.1 %/);
  expect(answerTo([{ name: 'a', correct: best }, { name: 'b' }])).toMatch(/only a has a result/);
});
