import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireOwnSource, requireSuite, splitSource } from '../../../../../harness/run/plan/suite/source.js';
import { refusalOf } from '../../../../support/refusal.js';

const HERE = resolve('suites-of-mine', 'dilated.ts');
const ELSEWHERE = resolve('..', 'theirs', 'dilated.ts');

describe('the source of a suite', () => {
  it.each([
    ['quick', { name: 'quick', scale: null }],
    ['paper/channel@imagenet', { name: 'paper/channel', scale: 'imagenet' }],
    ['/a@b/my-suite.ts', { name: '/a@b/my-suite.ts', scale: null }],
  ])('%s has a name and perhaps a scale', (source, parts) => {
    expect(splitSource(source)).toEqual(parts);
  });

  it.each(['quick', 'paper/channel@small', 'catalogue', HERE, `${HERE}@small`, resolve('..odd', 'suite.ts')])(
    'is trusted in a folder that holds a run of %s',
    (source) => {
      expect(() => requireOwnSource(source, 'runs/a')).not.toThrow();
    },
  );

  it('is not executed unasked where it lies outside the working folder', async () => {
    const refusal = await refusalOf(() => requireOwnSource(`${ELSEWHERE}@small`, 'runs/a'));
    expect(refusal).toContain(`Loading runs/a would execute the suite file ${ELSEWHERE}, which lies outside`);
  });
});

describe('a run that is resumed', () => {
  const plan = { suite: 'dilated', source: `${HERE}@small` };

  it.each([
    undefined,
    'dilated',
    HERE,
    join('suites-of-mine', 'dilated.ts'),
    join('suites-of-mine', 'dilated.ts@small'),
  ])('is known by the name %s', (named) => {
    expect(() => requireSuite(plan, 'runs/a', named)).not.toThrow();
  });

  it('may be of a file elsewhere, where that file is named', () => {
    const foreign = { suite: 'dilated', source: ELSEWHERE };
    expect(() => requireSuite(foreign, 'runs/a', ELSEWHERE)).not.toThrow();
    expect(() => requireSuite(foreign, 'runs/a', undefined)).toThrow(/would execute/);
  });

  it.each(['quick', 'other.ts', `${HERE}@imagenet`])('is not of %s', async (named) => {
    const refusal = await refusalOf(() => requireSuite(plan, 'runs/a', named));
    expect(refusal).toContain(`runs/a holds a run of ${HERE}@small, not of ${named}.`);
  });
});
