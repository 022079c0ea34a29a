import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { buildAlone, buildNetwork } from '../../blocks/build.js';
import { defineBlock, defineSpatialOperator } from '../../blocks/define.js';
import { findDefinition } from '../../blocks/lookup.js';
import type { OptionValue, SpatialPart } from '../../blocks/part.js';

const blur = defineSpatialOperator({
  id: 'blur',
  summary: 'Average of a window.',
  paper: 'none',
  options: z.strictObject({
    size: z.int().min(3).max(7).default(3).describe('Side of the window.'),
    mode: z.enum(['box', 'tent']).default('box').describe('Weights of the window.'),
    weights: z.array(z.int().min(1)).default([1]).describe('Weights.'),
    seed: z
      .union([z.literal('auto'), z.int()])
      .default('auto')
      .describe('Seed.'),
  }),
  build: (g, x, { stride }, { size, mode }) => {
    expectTypeOf(size).toEqualTypeOf<number>();
    expectTypeOf(mode).toEqualTypeOf<'box' | 'tent'>();
    return g.avgPool('pool', x, { kernel: size, stride, padding: Math.floor(size / 2) });
  },
});

const wrapped = defineBlock({
  id: 'wrapped',
  summary: 'One spatial operator.',
  paper: 'none',
  options: z.strictObject({ gain: z.number().describe('Has no default.') }),
  slots: { mixer: { kind: 'spatial', default: 'depthwise', summary: 'The operator.' } },
  build: (g, x, site, _options, parts) => {
    expectTypeOf(parts).toEqualTypeOf<{ readonly mixer: SpatialPart }>();
    // @ts-expect-error -- a part that is no slot
    expect(parts.other).toBeUndefined();
    return parts.mixer(g.scope('mixer'), x, site);
  },
});

describe("a definition of one's own", () => {
  it('stands wherever an id does', () => {
    const alone = buildAlone(blur, [4, 9, 9]);
    expect(alone.output.shape).toEqual([4, 9, 9]);
    const inSlot = buildNetwork(
      { id: 'lightnet', set: { preset: 'small', block: { id: 'meta-light', set: { spatial: blur } } } },
      { input: [1, 32, 32], classes: 10 },
    );
    expect(
      inSlot.nodes.some(
        ({ path, op }) => path === 'stages.0.blocks.0.spatial2.pool' && op.kind === 'avgPool',
      ),
    ).toBe(true);
  });

  it('takes options', () => {
    const { nodes } = buildAlone(
      { id: wrapped, set: { gain: 1, mixer: { id: blur, set: { size: 5 } } } },
      [4, 9, 9],
    );
    expect(nodes.at(-1)?.op).toMatchObject({ kind: 'avgPool', kernel: [5, 5] });
  });

  it('is frozen', () => {
    expect(Object.isFrozen(blur)).toBe(true);
  });

  it('is refused under the id of a registered part, in a slot too', () => {
    const repso = defineSpatialOperator({
      id: 'repso',
      summary: 'Not RepSO.',
      paper: 'none',
      options: z.strictObject({}),
      build: (_g, x) => x,
    });
    const refused = "A spatial operator of your own has the id of lightbench's spatial operator repso.";
    expect(() => buildAlone(repso, [4, 9, 9])).toThrow(refused);
    expect(() => buildAlone({ id: 'meta-light', set: { spatial: repso } }, [4, 9, 9])).toThrow(refused);
    expect(buildAlone(findDefinition('repso'), [4, 9, 9]).output.shape).toEqual([4, 9, 9]);
  });

  it.each(['Blur', 'my_block', '-a', 'a--b', '3x3', ''])('cannot be called "%s"', (id) => {
    const define = () =>
      defineSpatialOperator({ id, summary: '', paper: '', options: z.strictObject({}), build: (_g, x) => x });
    expect(define).toThrow(`"${id}" cannot be the id of a part`);
  });
});

describe('a wrong setting is refused with the id, the option, and what is allowed', () => {
  it.each<[Record<string, OptionValue>, string, string]>([
    [{ sise: 3 }, 'blur has no option sise', 'Did you mean size? Options: size, mode, weights, seed.'],
    [{ toString: 3 }, 'blur has no option toString', 'Options: size, mode, weights, seed.'],
    [
      { size: 9 },
      'blur: size=9 is not allowed',
      'size must be a whole number, at least 3 and at most 7. Side of the window.',
    ],
    [
      { size: 3.5 },
      'blur: size=3.5 is not allowed',
      'size must be a whole number, at least 3 and at most 7. Side of the window.',
    ],
    [
      { mode: 'sinc' },
      'blur: mode=sinc is not allowed',
      'mode must be one of box, tent. Weights of the window.',
    ],
    [
      { weights: [1, 0] },
      'blur: weights=[1,0] is not allowed',
      'weights must be a list, each a whole number, at least 1. Weights.',
    ],
    [{ seed: 'x' }, 'blur: seed=x is not allowed', 'seed must be auto or a whole number. Seed.'],
  ])('%j', (set, message, remedy) => {
    const build = () => buildAlone({ id: blur, set }, [4, 9, 9]);
    expect(build).toThrow(expect.objectContaining({ message: expect.stringContaining(message), remedy }));
  });

  it('and the place of the slot', () => {
    const build = (mixer: OptionValue) => buildAlone({ id: wrapped, set: { gain: 1, mixer } }, [4, 9, 9]);
    expect(() => build({ id: blur, set: { size: 9 } })).toThrow('wrapped.mixer: blur: size=9');
    expect(() => build('pointwise')).toThrow(
      'wrapped.mixer: pointwise is a channel operator, but a spatial operator is expected',
    );
  });

  it('a missing one too', () => {
    expect(() => buildAlone(wrapped, [4, 9, 9])).toThrow('wrapped requires the option gain');
  });
});
