import { describe, expect } from 'vitest';
import { planRun } from '../../../harness/run/run.js';
import { it } from '../../support/folder.js';
import { writeProject } from '../../support/project.js';
import { refusalOf } from '../../support/refusal.js';

describe('a plan', () => {
  it('until decided with no seed to add is refused', async () => {
    expect(
      await refusalOf(() => planRun('tests/support/suites/tiny.ts', { seeds: 3, untilDecided: 3 })),
    ).toBe(
      'Up to 3 seeds until decided adds none to the 3 that are planned. Name more of them with --until-decided, or fewer with --seeds.',
    );
  });

  it('names the candidate that cannot be built', async ({ folder }) => {
    const suite = writeProject(folder, 'unbuildable', { candidates: "{ name: 'mine', block: 'meta-lite' }" });
    expect(await refusalOf(() => planRun(suite))).toMatch(
      /^mine: lightnet\.block: Nothing is called meta-lite/,
    );
  });
});
