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
      '--until-decided must exceed the 3 planned seeds; got 3. Increase --until-decided, or reduce --seeds.',
    );
  });

  it('with a time budget for no seeds to add is refused', async () => {
    expect(
      await refusalOf(() => planRun('tests/support/suites/tiny.ts', { seeds: 3, timeBudgetSeconds: 60 })),
    ).toMatch(/together with --until-decided/);
  });

  it('names the candidate that cannot be built', async ({ folder }) => {
    const suite = writeProject(folder, 'unbuildable', { candidates: "{ name: 'mine', block: 'meta-lite' }" });
    expect(await refusalOf(() => planRun(suite))).toMatch(/^mine: lightnet\.block: Unknown part "meta-lite"/);
  });
});
