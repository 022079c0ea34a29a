import { expect, it, vi } from 'vitest';
import { printPlan } from '../../../harness/cli/views/plan-view.js';
import { article } from '../../../reports/page/article.js';
import { plural } from '../../../reports/text/words.js';
import { viewOf } from '../../../reports/view/view.js';
import type { Plan } from '../../../results/plan/plan.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { runFixture } from '../../support/run-fixture.js';

const ONE_OF_MANY = /\b1 (epochs|seeds|images|trials|rounds|sessions|threads|cores|tries|candidates)\b/;

/** One of everything that can be one. */
const single = runFixture({
  seeds: 1,
  epochs: 1,
  failures: false,
  change: (plan: Plan): Plan => ({
    ...plan,
    conditions: { ...plan.conditions, trainThreads: 1 },
    latency: { ...plan.latency, rounds: 1, sessions: 1 },
    trials: plan.trials.slice(0, 1),
  }),
});

it('one is not many on the page', async () => {
  const { environment } = single.run;
  const run = { ...single.run, environment: { ...environment, cores: 1 } };
  const { markup } = await article(viewOf({ run, analysis: analysisFixture(run) }), 'run');
  const text = markup.replace(/<(script|svg).*?<\/\1>/gs, '').replace(/<[^>]*>/g, ' ');
  expect(text).toMatch(/\b1 trial of 1 epoch\b/);
  expect(text).toMatch(/\b1 round in 1 session\b/);
  expect(text).not.toMatch(ONE_OF_MANY);
});

it('one is not many in a plan', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    printPlan(single.plan, null);
    const text = write.mock.calls.map(([line]) => String(line)).join('');
    expect(text).toMatch(/ 1 epoch, batch 128.* 1 trial$/ms);
    expect(text).not.toMatch(ONE_OF_MANY);
  } finally {
    write.mockRestore();
  }
});

it('a range is many, and so is none', () => {
  expect([1, 0, 2, '1', '1 to 3'].map((count) => plural(count, 'try', 'tries'))).toEqual([
    ...['1 try', '0 tries', '2 tries', '1 try', '1 to 3 tries'],
  ]);
});
