import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineBlock, defineNetwork } from '../../blocks/define.js';
import { refusalOf } from '../support/refusal.js';

const right = {
  id: 'mine',
  summary: 'Mine.',
  paper: 'none',
  options: z.strictObject({ size: z.int().default(3).describe('Size.') }),
  slots: { mixer: { kind: 'spatial', default: 'depthwise', summary: 'Any.' } },
  build: () => undefined,
};

/** As from a file that nobody type-checked. */
const define = (change: object) => () =>
  (defineBlock as (author: unknown) => unknown)({ ...right, ...change });

const slot = (change: object) => ({ slots: { mixer: { ...right.slots.mixer, ...change } } });

describe('a definition', () => {
  it('is accepted as its type has it', () => {
    expect(define({})).not.toThrow();
    expect(define({ mergeable: true, admits: 'Any.', slots: undefined })).not.toThrow();
  });

  it.each<[string, object, string]>([
    [
      'no options',
      { options: undefined },
      'mine: options=undefined is not allowed. options must be z.strictObject',
    ],
    ['options that are no schema', { options: { size: 3 } }, 'mine: options={ size: 3 } is not allowed.'],
    ['no function', { build: 'conv' }, "mine: build='conv' is not allowed. build must be a function."],
    [
      'a misspelt field',
      { bild: right.build },
      'mine: unknown field bild. Known fields: id, summary, paper,',
    ],
    [
      'a misspelt kind',
      slot({ kind: 'spacial' }),
      "mine, slot mixer: kind='spacial' is not allowed. kind must be one of spatial, channel, block, network.",
    ],
    [
      'a slot that is empty by default',
      slot({ default: undefined }),
      'mine, slot mixer: default=undefined is not allowed. default must be text.',
    ],
    ['a slot that is text', { slots: { mixer: 'depthwise' } }, 'mine: slots='],
    [
      'a slot of the name of an option',
      { slots: { size: right.slots.mixer } },
      'mine has both an option and a slot named size. Rename one of them.',
    ],
    ['no summary', { summary: undefined }, 'mine: summary=undefined is not allowed.'],
    ['a number for an id', { id: 3 }, '"3" cannot be the id of a part.'],
  ])('with %s is refused in one sentence', async (_what, change, text) => {
    expect(await refusalOf(define(change))).toContain(text);
  });

  it('of a network is held to the same', async () => {
    const network = { ...right, options: undefined };
    expect(await refusalOf(() => (defineNetwork as (author: unknown) => unknown)(network))).toContain(
      'mine: options=undefined is not allowed.',
    );
  });
});
