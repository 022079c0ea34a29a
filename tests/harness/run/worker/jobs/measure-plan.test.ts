import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { packageRoot } from '../../../../../harness/package/package-root.js';
import { planRun } from '../../../../../harness/run/run.js';
import { measurePlan } from '../../../../../harness/run/worker/jobs/measure-plan.js';
import { it } from '../../../../support/folder.js';

const SUITE = `
import { defineBlock, defineSuite, z } from ${JSON.stringify(join(packageRoot(), 'index.ts'))};
import tested from ${JSON.stringify(join(packageRoot(), 'tests/support/suites/int8.ts'))};

const overflowing = defineBlock({
  id: 'overflowing',
  summary: 'Its maps are infinite.',
  paper: 'none',
  options: z.strictObject({}),
  build: (g, x) => {
    let power = g.conv2d('conv', x, { outChannels: x.shape[0], kernel: 1 });
    for (let i = 0; i < 12; i += 1) power = g.mul(\`square\${i}\`, power, power);
    return g.batchNorm('bn', power);
  },
});

export default defineSuite({
  ...tested,
  claims: [],
  candidates: [{ name: 'overflowing', block: overflowing }, ...tested.candidates],
});
`;

it('measures the others in int8 where one has no int8 form, and says why', async ({ folder }) => {
  const suite = join(folder, 'suite.ts');
  await writeFile(suite, SUITE);
  const plan = await planRun(suite);
  const { int8, outcomes } = await measurePlan({
    job: 'latency',
    plan,
    directory: folder,
    device: { kind: 'native', tags: [] },
  });
  const states = (all: typeof outcomes) =>
    Object.fromEntries(all.map(({ candidate, outcome }) => [candidate, outcome]));
  const inInt8 = states(int8?.outcomes ?? []);
  expect(inInt8.overflowing).toEqual({
    state: 'failed',
    error: expect.stringMatching(/cannot be quantised/),
  });
  expect(inInt8.depthwise?.state).toBe('done');
  expect(int8?.control?.candidate).toBe('depthwise');
  expect(states(outcomes).overflowing?.state).toBe('done');
});
