import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { outline } from '../../../harness/describe/outline.js';

const lightnet = (block: string) =>
  outline(buildNetwork(`lightnet(block=${block})`, { input: [3, 224, 224], classes: 1000 })).split('\n');

describe('the outline of a network', () => {
  it('has a line for a block and counts those that are alike', () => {
    expect(lightnet('meta-light(spatial=acnet)')).toEqual([
      '    3x224x224  input',
      '    32x56x56   conv 3x3 / 2 relu, depthwise 3x3 relu, add, conv 1x1 relu, depthwise 3x3 / 2 relu',
      ...[
        [3, '32x56x56 '],
        [3, '64x28x28 '],
        [9, '128x14x14'],
        [3, '256x7x7  '],
      ].flatMap(([depth, shape], stage) => [
        ...(stage === 0 ? [] : [`    ${shape}  depthwise 2x2 / 2 (2 per channel)`]),
        `${depth} × ${shape}  conv 1x1 relu, depthwise 3x3, depthwise 1x3, depthwise 3x1, add relu, conv 1x1, add`,
      ]),
      '    1000       conv 1x1 relu, global average flatten, dense',
    ]);
  });

  it('keeps a block together that has no shortcut', () => {
    expect(lightnet('ds-conv')).toContain('9 × 128x14x14  depthwise 3x3 relu, conv 1x1 relu');
  });
});
