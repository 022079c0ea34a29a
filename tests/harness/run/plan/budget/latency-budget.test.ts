import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect } from 'vitest';
import { planRun } from '../../../../../harness/run/run.js';
import { planSchema } from '../../../../../results/plan/plan.js';
import { it } from '../../../../support/folder.js';
import { refusalOf } from '../../../../support/refusal.js';

const TINY = resolve('tests/support/suites/tiny.ts');

/** The tiny suite with a knob, and with a budget of latency if a target is given. */
const suiteWith = (folder: string, knob: object, target?: number): string => {
  const file = join(folder, `suite-${target ?? 'free'}.ts`);
  const budget =
    target === undefined ? '' : `budget: { metric: 'latency', target: ${target}, tolerance: 0.5 },`;
  writeFileSync(
    file,
    `import tiny from '${TINY}';
     const knob = ${JSON.stringify(knob)};
     export default { ...tiny, id: 'turned', ${budget}
       candidates: tiny.candidates.map(({ name }) => ({ name, block: 'inverted-residual', knob })) };`,
  );
  return file;
};

describe('a budget of measured latency', () => {
  const expansion = { option: 'expansion', values: [1, 8, 32, 128] };

  it('is met by every candidate within its tolerance, with the interval of what was measured', async ({
    folder,
  }) => {
    // A target that this machine can meet, whatever it is: found by asking for one that it cannot.
    const refusal = await refusalOf(() => planRun(suiteWith(folder, expansion, 1000)));
    const [, most] = /expansion=\d+ gives ([\d.]+) ms/.exec(refusal) ?? [];
    const target = Number(most) / 1.2;
    const plan = await planRun(suiteWith(folder, expansion, target));
    expect(planSchema.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    for (const { budget, selection } of plan.candidates) {
      const [low, high] = budget?.residualInterval95 ?? [Number.NaN, Number.NaN];
      expect(Math.abs(budget?.residual ?? Number.NaN)).toBeLessThanOrEqual(0.5);
      expect(low).toBeLessThanOrEqual(budget?.residual ?? Number.NaN);
      expect(high).toBeGreaterThanOrEqual(budget?.residual ?? Number.NaN);
      expect(selection).toContain(`expansion=${budget?.value}`);
    }
  });

  it('that is impossible names the nearest value and its interval', async ({ folder }) => {
    expect(await refusalOf(() => planRun(suiteWith(folder, expansion, 0.00001)))).toMatch(
      /^depthwise: no value of expansion from 1 to 128 measured within 50 % of 0\.00001 ms.*Nearest: expansion=\d+ gives [\d.]+ ms \(95 % interval [\d.]+ to [\d.]+\)/,
    );
  });
});
