import { expect, it } from 'vitest';
import { article } from '../../../reports/page/article.js';
import { viewOf } from '../../../reports/view/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { withCandidates } from '../../support/many-candidates.js';
import { type RunFixture, runFixture } from '../../support/run-fixture.js';

/** What stands in each section below its heading, without markup. */
const sectionsOf = async ({ run }: RunFixture): Promise<ReadonlyMap<string, string>> => {
  const { markup } = await article(viewOf({ run, analysis: analysisFixture(run) }), 'run');
  return new Map(
    markup
      .split('<section class="')
      .slice(1)
      .map((section) => {
        const [heading = '', ...content] = section.split('</h2>');
        return [
          /^[\w-]+/.exec(heading)?.[0] ?? '',
          content
            .join('')
            .replace(/<[^>]*>/g, '')
            .trim(),
        ];
      }),
  );
};

it.each([1, 2])('no section is a heading alone where there are so many candidates: %i', async (count) => {
  const sections = await sectionsOf(runFixture({ failures: false, change: withCandidates(count) }));
  expect(sections.size).toBeGreaterThan(5);
  expect([...sections].filter(([, content]) => content === '')).toEqual([]);
  expect(sections.has('pairs')).toBe(count > 1);
});
