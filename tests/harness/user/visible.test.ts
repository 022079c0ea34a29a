import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible, visibleLines } from '../../../harness/user/visible.js';

const OBEYED = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u;

const anyText = fc.string({ unit: 'binary', maxLength: 30 });
const hostile = fc
  .array(
    fc.constantFrom(
      '\u001b[2J',
      '\u009b31m',
      '\u202e',
      '\u2066',
      '\r',
      '\b',
      '\u2028',
      '\u{e0001}',
      'a',
      '\ud800',
      '\n',
    ),
  )
  .map((parts) => parts.join(''));

describe('text made visible', () => {
  it('has nothing left that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hostile), (text) => {
        expect(visible(text)).not.toMatch(OBEYED);
        expect(
          visibleLines(text)
            .split('\n')
            .filter((line) => OBEYED.test(line)),
        ).toEqual([]);
        expect(visibleLines(text).split('\n')).toHaveLength(text.split('\n').length);
      }),
    );
  });

  it('is as it was where there was nothing of the kind', () => {
    for (const text of ['', 'meta-light/repso', 'Größe 3×3, −2 %', '猫', '🐈', 'naïve – “quoted”']) {
      expect(visible(text)).toBe(text);
    }
  });

  it('tells what was there', () => {
    expect(visible('a\u001b[2Jb\u202ec\n')).toBe('a\\u001b[2Jb\\u202ec\\u000a');
    expect(visibleLines('a\n\tb')).toBe('a\n\\u0009b');
  });

  it('leaves JSON the same value', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, hostile), (text) => {
        const value = { [text]: [text, 1.5, null] };
        expect(JSON.parse(visibleLines(JSON.stringify(value, null, 2)))).toEqual(value);
      }),
    );
  });
});
