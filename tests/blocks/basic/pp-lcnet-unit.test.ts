import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { fingerprint } from '../../../harness/graph/print.js';
import { learnable } from '../learnable.js';

describe('a PP-LCNet unit', () => {
  it.each([3, 5])('without squeeze and excitation is the one of MobileNetV1, kernel %i', (kernel) => {
    for (const site of [{}, { stride: 2 }, { outChannels: 64 }]) {
      expect(fingerprint(buildAlone(`pp-lcnet-unit(kernel=${kernel})`, [32, 8, 8], site))).toBe(
        fingerprint(buildAlone(`ds-conv(kernel=${kernel})`, [32, 8, 8], site)),
      );
    }
  });

  it('excites the channels of its depthwise convolution, behind a hard gate', () => {
    const [c, s] = [32, 8];
    const unit = buildAlone('pp-lcnet-unit(squeeze=0.25)', [c, 8, 8], {
      outChannels: 64,
      activation: 'hard-swish',
    });
    const plain = buildAlone('ds-conv', [c, 8, 8], { outChannels: 64 });
    expect(learnable(unit) - learnable(plain)).toBe(c * s + s + s * c + c);
    const functions = unit.nodes.flatMap(({ op }) => (op.kind === 'activation' ? [op.function] : []));
    expect(functions).toEqual(['hard-swish', 'relu', 'hard-sigmoid', 'hard-swish']);
  });
});
