import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { squeezeExcite } from '../../../blocks/basic/squeeze-excite.js';
import { defineBlock } from '../../../blocks/definition.js';
import { findDefinition } from '../../../blocks/lookup.js';
import { costFormulas } from '../../../harness/catalogue/formula.js';

const formulas = (id: string) => costFormulas(findDefinition(id));

describe('the cost of a part as a formula', () => {
  it.each([
    ['identity', '0', '0', '0', '0'],
    ['depthwise', '11 C', '9 C P', '10 C', '9 C P'],
    ['repso', '48 C', '34 C P', '10 C', '9 C P'],
    ['pointwise', '4 C² + 8 C', '4 C² P', '4 C² + 4 C', '4 C² P'],
    ['channelwise', '8 C + 256', '256 C P', '8 C + 256', '256 C P'],
    ['ds-conv', 'C² + 13 C', '(C² + 9 C) P', 'C² + 11 C', '(C² + 9 C) P'],
    ['meta-light', '8 C² + 54 C', '(8 C² + 36 C) P', '8 C² + 45 C', '(8 C² + 36 C) P'],
  ])('%s', (id, trainParams, trainMacs, deployParams, deployMacs) => {
    expect(formulas(id)).toEqual({
      train: { params: trainParams, macs: trainMacs },
      deploy: { params: deployParams, macs: deployMacs },
    });
  });

  it('keeps apart what is computed once for an image', () => {
    const squeezed = defineBlock({
      id: 'squeezed',
      summary: 'Squeeze and excitation alone, to a quarter.',
      paper: 'none',
      options: z.strictObject({}),
      build: (g, x, { activation }) =>
        squeezeExcite(g, g.conv2d('conv', x, { outChannels: x.shape[0], kernel: 1 }), {
          squeezed: x.shape[0] / 4,
          activation,
          gate: 'sigmoid',
        }),
    });
    expect(costFormulas(squeezed).train).toEqual({ params: '1.5 C² + 1.25 C', macs: 'C² P + 0.5 C²' });
  });

  it('is given only where it holds: the best kernel of SF Conv goes in steps', () => {
    expect(formulas('sf').train).toEqual({ params: 'no polynomial in C', macs: 'no polynomial in C' });
  });
});
