import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { learnable } from '../learnable.js';

const BN = 2;

describe('RepSO', () => {
  it.each([8, 32])(
    'has the parameters of seven branches, each with its own norm: %i channels',
    (channels) => {
      const perChannel = 3 * (9 + BN) + (3 + BN) + (3 + BN) + (1 + BN) + BN;
      expect(learnable(buildAlone('repso', [channels, 7, 7]))).toBe(channels * perChannel);
    },
  );

  it.each([
    ['branches=1', 1 * (9 + BN) + 2 * (3 + BN) + (1 + BN) + BN],
    ['branches=4', 4 * (9 + BN) + 2 * (3 + BN) + (1 + BN) + BN],
    ['row=false', 3 * (9 + BN) + (3 + BN) + (1 + BN) + BN],
    ['column=false', 3 * (9 + BN) + (3 + BN) + (1 + BN) + BN],
    ['point=false', 3 * (9 + BN) + 2 * (3 + BN) + BN],
    ['identity=false', 3 * (9 + BN) + 2 * (3 + BN) + (1 + BN)],
    ['kernel=5', 3 * (25 + BN) + 2 * (5 + BN) + (1 + BN) + BN],
    ['branches=0,row=false,column=false,point=false', BN],
  ])('with %s has the parameters of the branches that are left', (set, perChannel) => {
    expect(learnable(buildAlone(`repso(${set})`, [8, 7, 7]))).toBe(8 * perChannel);
  });

  it('sums its branches at once', () => {
    const adds = buildAlone('repso', [8, 7, 7]).nodes.filter(({ op }) => op.kind === 'add');
    expect(adds.map(({ inputs }) => inputs.length)).toEqual([7]);
  });

  it('has no identity branch at a stride', () => {
    const { nodes } = buildAlone('repso', [8, 7, 7], { stride: 2 });
    expect(nodes.filter(({ op }) => op.kind === 'batchNorm').map(({ path }) => path)).toEqual(
      ['square1', 'square2', 'square3', 'row', 'column', 'point'].map((branch) => `${branch}.bn`),
    );
  });

  it('needs a branch', () => {
    const only = 'repso(branches=0,row=false,column=false,point=false)';
    expect(() => buildAlone(only, [8, 7, 7], { stride: 2 })).toThrow('repso has no branch at stride 2');
  });
});
