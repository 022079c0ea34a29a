import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { squeezeExcite } from '../../../blocks/basic/squeeze-excite.js';
import { buildAlone } from '../../../blocks/build.js';
import { defineBlock, defineChannelOperator } from '../../../blocks/define.js';
import { findDefinition, listDefinitions } from '../../../blocks/lookup.js';
import { cost } from '../../../harness/cost/cost.js';
import { costFormulas } from '../../../harness/describe/formula.js';
import type { GraphBuilder, Value } from '../../../harness/graph/build/builder.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { evaluateFormula } from '../../support/evaluate-formula.js';

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

  it('is given only where it holds', () => {
    const cubic = defineChannelOperator({
      id: 'cubic',
      summary: 'As many parallel convolutions as channels.',
      paper: 'none',
      options: z.strictObject({}),
      build: (g, x, { outChannels }) => g.add('sum', ...convolutions(g, x, outChannels)),
    });
    expect(costFormulas(cubic).train).toEqual({ params: 'no polynomial in C', macs: 'no polynomial in C' });
  });

  const parts = listDefinitions().filter(({ kind }) => kind !== 'network');

  it.each(parts.map((definition) => [definition.id, definition] as const))(
    'of %s gives the exact costs of both forms',
    (_id, definition) => {
      const found = costFormulas(definition);
      for (const [channels, height, width] of [
        [64, 5, 7],
        [128, 16, 16],
        [192, 3, 28],
        [384, 9, 9],
      ] as const) {
        const outChannels = definition.kind === 'channel' ? 4 * channels : channels;
        const trained = buildAlone(definition, [channels, height, width], { outChannels });
        const letters = { C: channels, P: height * width, ...definition.formula?.valuesAt(channels) };
        for (const [form, graph] of [
          ['train', trained],
          ['deploy', deployForm(trained).graph],
        ] as const) {
          const { params, macs } = found[form];
          expect({
            params: evaluateFormula(params, letters),
            macs: evaluateFormula(macs, letters),
          }).toEqual({ params: cost(graph).params, macs: cost(graph).macs });
        }
      }
    },
  );
});

const convolutions = (g: GraphBuilder, x: Value, outChannels: number): readonly Value[] =>
  Array.from({ length: x.shape[0] }, (_, i) => g.conv2d(`conv${i}`, x, { outChannels, kernel: 1 }));
