import { describe, expect } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import { comparisonText } from '../../../reports/compare/text.js';
import { summaryTable } from '../../../reports/summary-table.js';
import type { Plan } from '../../../results/plan/plan.js';
import { lightbench } from '../../support/command-line.js';
import { comparisonFixture } from '../../support/comparison.js';
import { it } from '../../support/folder.js';
import { runFixture } from '../../support/run-fixture.js';

/** Clears the screen, sets the window's title, in eight bits colours, turns the text, rings. */
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202eevil\r\b';

/** What a terminal obeys, but for line breaks. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;

describe('nothing that a terminal obeys is printed', () => {
  it.each([
    ['a suite that is missing', ['run', HOSTILE]],
    ['a folder that is no run', ['report', HOSTILE]],
    ['an unknown part', ['cost', HOSTILE]],
    ['an unknown option', ['cost', 'repso', `--${HOSTILE}`]],
    ['an unknown command', [HOSTILE]],
    ['a value that is none', ['run', 'quick', '--seeds', HOSTILE]],
    ['a folder without runs', ['history', HOSTILE]],
    ['a pattern that fits nothing', ['run', 'quick', '--only', `evil${HOSTILE}`]],
  ])('of an error that quotes %s', async (_what, args) => {
    const { stderr, stdout, exitCode } = await lightbench(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/evil|owned/);
    expect(`${stdout}${stderr}`).not.toMatch(OBEYED);
  });

  it('of a record that another made', () => {
    const renamed = (plan: Plan): Plan => ({
      ...plan,
      title: HOSTILE,
      candidates: plan.candidates.map((one, index) => (index === 0 ? { ...one, name: HOSTILE } : one)),
      trials: plan.trials.map((trial) =>
        trial.candidate === plan.candidates[0]?.name ? { ...trial, candidate: HOSTILE } : trial,
      ),
    });
    const { run } = runFixture({ epochs: 2, change: renamed });
    const table = summaryTable({ run, analysis: analyse(run), width: 120, colors: false });
    expect(table).toContain('evil');
    expect(table).not.toMatch(OBEYED);
  });

  it('of a comparison with what another made', () => {
    const made = comparisonFixture();
    const { costs } = made;
    const hostile = {
      ...made,
      baseline: { ...made.baseline, name: HOSTILE },
      costs: costs && { ...costs, entries: costs.entries.map((entry) => ({ ...entry, name: HOSTILE })) },
    };
    const text = comparisonText(hostile, false);
    expect(text).toContain('evil');
    expect(text).not.toMatch(OBEYED);
  });
});
