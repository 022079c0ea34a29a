import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asChoice, parseChoice, parseSetting, printChoice, printValue } from '../../blocks/choice.js';
import type { Choice, OptionValue } from '../../blocks/part.js';
import { depthwise } from '../../blocks/spatial/depthwise.js';
import { UserError } from '../../harness/user/user-error.js';

const word = fc.stringMatching(/^[A-Za-z][\w.-]{0,8}$/).filter((text) => text !== 'true' && text !== 'false');
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0);

const path = fc.constantFrom('./own.ts', '../blocks/own', '/own.onnx', 'blocks/own.ts', 'C:\\own.ts');

const { choice } = fc.letrec<{ choice: Choice; value: OptionValue }>((tie) => ({
  choice: fc.record({
    id: fc.oneof(word, path),
    set: fc.dictionary(word, tie('value'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  }),
  value: fc.oneof(
    { depthSize: 'small' },
    fc.boolean(),
    fc.integer(),
    number,
    word,
    path,
    fc.array(number, { maxLength: 4 }),
    tie('choice'),
  ),
}));

describe('a choice as text', () => {
  it('is read back as it was printed', () => {
    fc.assert(
      fc.property(choice, (written) => {
        expect(parseChoice(printChoice(written))).toEqual(written);
      }),
    );
  });

  it('is canonical: printing what was read changes nothing', () => {
    fc.assert(
      fc.property(choice, (written) => {
        const text = printChoice(written);
        expect(printChoice(parseChoice(text))).toBe(text);
      }),
    );
  });

  it('may have spaces around every symbol', () => {
    fc.assert(
      fc.property(choice, (written) => {
        const spaced = printChoice(written).replaceAll(/[(),=[\]]/g, (symbol) => `  ${symbol} `);
        expect(parseChoice(spaced)).toEqual(written);
      }),
    );
  });

  it('nests', () => {
    expect(parseChoice('lightnet(block=meta-light(spatial=depthwise(kernel=5)), widths=[16,32])')).toEqual({
      id: 'lightnet',
      set: {
        block: { id: 'meta-light', set: { spatial: { id: 'depthwise', set: { kernel: 5 } } } },
        widths: [16, 32],
      },
    });
  });

  it('leaves out empty brackets', () => {
    expect(parseChoice('meta-light()')).toEqual({ id: 'meta-light' });
    expect(printChoice({ id: 'meta-light', set: {} })).toBe('meta-light');
  });

  it('prints text and definitions in the places of parts', () => {
    const set = { block: 'meta-light( spatial = repso )', other: depthwise };
    expect(printChoice({ id: 'lightnet', set })).toBe(
      'lightnet(block=meta-light(spatial=repso),other=depthwise)',
    );
  });
});

describe('a setting of the command line', () => {
  it.each<[string, readonly [string, OptionValue]]>([
    ['kernel=5', ['kernel', 5]],
    ['expansion=0.5', ['expansion', 0.5]],
    ['row=false', ['row', false]],
    ['preset=small', ['preset', 'small']],
    ['widths=16,32,64', ['widths', [16, 32, 64]]],
    ['widths=[16]', ['widths', [16]]],
    ['block.spatial=depthwise(kernel=5)', ['block.spatial', { id: 'depthwise', set: { kernel: 5 } }]],
  ])('%s', (text, setting) => {
    expect(parseSetting(text)).toEqual(setting);
  });
});

describe('what does not fit the grammar is refused with its position', () => {
  it.each([
    ['', 'position 1, expected the id of a part, found the end'],
    ['5', 'position 1, expected the id of a part, found "5"'],
    ['sf(', 'position 4, expected the name of an option, found the end'],
    ['sf(kernel)', 'position 10, expected =, found ")"'],
    ['sf(kernel=)', 'position 11, expected a value, found ")"'],
    ['sf(kernel=3x3)', 'position 12, expected , or ), found "x3)"'],
    ['sf(kernel=3', 'position 12, expected , or ), found the end'],
    ['sf(kernel=3) more', 'position 14, expected the end, found "more"'],
    ['sf(widths=[1,a])', 'position 14, expected a number, found "a])"'],
    ['sf(widths=[1 2])', 'position 14, expected , or ], found "2])"'],
    ['sf(a=1,a=2)', 'position 10, expected each option once (a is there twice), found "2)"'],
  ])('%s', (text, message) => {
    expect(() => parseChoice(text)).toThrow(message);
    expect(() => parseChoice(text)).toThrow(UserError);
  });
});

describe('asChoice', () => {
  it('takes text, a choice or a definition', () => {
    expect(asChoice('sf(kernel=4)')).toEqual({ id: 'sf', set: { kernel: 4 } });
    expect(asChoice({ id: 'sf' })).toEqual({ id: 'sf' });
    expect(asChoice(depthwise)).toEqual({ id: depthwise });
  });

  it.each<OptionValue>([3, true, [1, 2]])('refuses %j', (value) => {
    expect(() => asChoice(value)).toThrow(`${printValue(value)} is not a part`);
  });
});

describe('what is no choice', () => {
  const notParts: readonly unknown[] = [
    {},
    { id: 3 },
    { id: 'sf', set: [] },
    { id: 'sf', set: new Map() },
    { id: 'mine', summary: 'Mine.', build: () => undefined },
    new Map(),
    null,
    undefined,
    7,
    [1, 2],
    () => 'sf',
  ];

  it.each(notParts.map((value) => [value]))('is refused: %j', (value) => {
    expect(() => asChoice(value as OptionValue)).toThrow(UserError);
    expect(() => asChoice(value as OptionValue)).toThrow(/is not a part/);
  });

  it.each(notParts.map((value) => [value]))('is printed in a line, for a message: %j', (value) => {
    expect(printValue(value as OptionValue)).toMatch(/^.+$/);
  });
});
