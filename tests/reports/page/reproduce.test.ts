import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { planRun } from '../../../harness/run/run.js';
import { reproduce } from '../../../reports/page/reproduce.js';
import { runFixture } from '../../support/run-fixture.js';

const ASKED = {
  nothing: {},
  'other seeds and epochs': { seeds: 4, epochs: 1 },
  'some candidates, and rates to choose from': { only: '^(fasternet|sand)', tune: [0.05, 0.1] },
  'another budget, and seeds until decided': {
    only: 'light',
    budget: { metric: 'params', target: 40_000 },
    untilDecided: 7,
  },
} as const;

describe('the command that makes a run again', () => {
  it.each(Object.entries(ASKED))('plans the same where %s were asked for', async (_what, asked) => {
    const plan = await planRun('quick', { ...asked, engine: 'onnxruntime' });
    const { markup } = reproduce({ ...runFixture().run, plan });
    const [, command = ''] = /npx lightbench (run .*)<\/code>/.exec(markup) ?? [];
    const { stdout } = await execa(`node dist/harness/cli/main.js ${command} --dry-run --json`, {
      shell: true,
    });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(plan)));
  });
});
