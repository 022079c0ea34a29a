import { describe, expect, it } from 'vitest';
import { reproduce } from '../../../../reports/page/run/reproduce.js';
import { tuning } from '../../../../reports/page/run/tuning.js';
import { runFixture } from '../../../support/run-fixture.js';
import { tunedRun } from '../../../support/tuned-run.js';

const RATES = [0.05, 0.1, 0.2];

/** What a reader sees. */
const textOf = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('the conditions of a tuned run', () => {
  it('show what every rate reached and which was taken', () => {
    const run = tunedRun(RATES, 0.1, 2);
    const text = textOf(tuning(run)?.markup ?? '');
    expect(text).toMatch(/one try each, 2 epochs/);
    expect(text).toContain('depthwise 0.1 50.00 81.25 50.00');
  });

  it('show nothing of it where nothing was tuned', () => {
    expect(tuning(runFixture().run)).toBeNull();
  });
});

describe('the command that makes a run again', () => {
  const epochs = Number(runFixture().run.plan.conditions.recipe.epochs);

  it('says whether files of the commit were changed', () => {
    const { run } = runFixture();
    const changed = { ...run, environment: { ...run.environment, uncommitted: true } } as const;
    expect(textOf(reproduce(run).markup)).toMatch(/at commit 640ea9b1d2c3 \./);
    expect(textOf(reproduce(changed).markup)).toMatch(/at commit 640ea9b1d2c3 with uncommitted changes\./);
  });

  it('says where tries have other epochs than trials, which only the suite can', () => {
    expect(reproduce(tunedRun(RATES, 0.1, epochs)).markup).not.toContain('Each try');
    expect(reproduce(tunedRun(RATES, 0.1, epochs + 1)).markup).toContain(
      `Each learning-rate try takes ${epochs + 1} epochs, set by tuning.epochs in the suite`,
    );
  });
});
