import { describe, expect, it } from 'vitest';
import { runPairs } from '../../../../harness/analysis/comparable/between-runs.js';
import { runFixture } from '../../../support/run-fixture.js';

describe('runPairs', () => {
  const [a, b] = [runFixture({ name: 'a' }).run, runFixture({ name: 'b', epochs: 3 }).run];

  it('holds every two runs once, with what differs between them', () => {
    const pairs = runPairs([a, b, a]);
    expect(pairs.map(({ runs }) => runs)).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect(pairs.map(({ all }) => all)).toEqual([
      ['recipe.epochs: 12 and 3'],
      [],
      ['recipe.epochs: 3 and 12'],
    ]);
  });

  it('is empty for a run alone', () => {
    expect(runPairs([a])).toEqual([]);
  });
});
