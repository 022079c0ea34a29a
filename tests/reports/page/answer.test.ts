import { expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import { answer } from '../../../reports/page/answer.js';
import { viewOf } from '../../../reports/view.js';
import { measuredRun } from '../../support/measured-run.js';

const IMAGES = 1000;

/** Of every seed, the first so many images right. */
const bySeed = (...right: readonly number[]) =>
  right.map((count) => Array.from({ length: IMAGES }, (_, image) => (image < count ? 1 : 0)));

const textOf = (...candidates: readonly (readonly [string, ReturnType<typeof bySeed>])[]): string => {
  const run = measuredRun({ candidates: candidates.map(([name, correct]) => ({ name, correct })) });
  return answer(viewOf({ run, analysis: analyse(run) })).markup.replace(/<[^>]*>/g, '');
};

it('calls none the most accurate whose mean is below that of a later one', () => {
  const best = ['best', bySeed(900, 901, 902, 900, 901)] as const;
  const steady = ['steady', bySeed(800, 801, 800, 802, 801)] as const;
  expect(textOf(best, steady, ['varied', bySeed(990, 500, 950, 550, 700)])).toMatch(
    /no test puts any of 3 candidates before these 2: best \(90\.1 %\) and varied \(73\.8 %\)/,
  );
  expect(textOf(best, steady, ['close', bySeed(880, 920, 870, 930, 890)])).toMatch(
    /no test separates the 2 most accurate of 3 candidates: best .* and close/,
  );
});
