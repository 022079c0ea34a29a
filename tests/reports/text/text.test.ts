import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../harness/user/visible.js';
import { plainText, printable } from '../../../reports/text/text.js';
import { distinct, distinctive, listed, shorten } from '../../../reports/text/words.js';

const anyText = fc.string({ unit: 'binary' });

describe('plain text', () => {
  it('is one line without control characters, whatever comes in', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(plainText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(plainText(text)).toBe(plainText(text).trim());
      }),
    );
  });

  it('keeps what is plain already', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]+( [!-~]+)*$/), (text) => {
        expect(plainText(text)).toBe(text);
      }),
    );
  });

  it.each([
    ['clears the screen', 'a\u001b[2Jb', 'ab'],
    ['sets the title of a terminal', '\u001b]0;owned\u0007name', 'name'],
    ['turns the direction of text', 'abc\u202Egnp.exe', 'abc gnp.exe'],
    ['starts a new line', 'one\r\ntwo\u2028three', 'one two three'],
  ])('takes out what %s', (_what, text, expected) => {
    expect(plainText(text)).toBe(expected);
  });
});

describe('joined emoji', () => {
  const joined = ['👩\u200d🔬', '👩🏽\u200d🔬', '🏳\ufe0f\u200d🌈', '👨\u200d👩\u200d👧'];

  it.each(joined)('stay one: %s', (emoji) => {
    expect(plainText(`${emoji} scientist`)).toBe(`${emoji} scientist`);
    expect(visible(emoji)).toBe(emoji);
  });

  it('are all that keeps a joiner, and keep nothing else that is invisible', () => {
    const unit = fc.constantFrom('a', '👩', '🔬', '\u200d', '\ufe0f', '\u202e', '\u2066', '\u200b', '1');
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        const kept = plainText(text);
        expect(kept.replace(/\u200d/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        for (const { index } of kept.matchAll(/\u200d/g)) {
          expect(kept.slice(0, index)).toMatch(/[👩🔬]\ufe0f*$/u);
          expect(kept.slice(index + 1)).toMatch(/^[👩🔬]/u);
        }
      }),
    );
    expect(plainText('a\u200db')).toBe('a b');
    expect(plainText('👩\u200d\u202e🔬')).toBe('👩 🔬');
  });
});

describe('printable text', () => {
  it('keeps its lines', () => {
    expect(printable('one\r\n  two\u0000\n')).toBe('one\n  two \n');
  });
});

describe('shortened text', () => {
  it('has at most so many characters, and the beginning and end of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 30 }), (text, length) => {
        const short = shorten(text, length);
        expect([...short].length).toBeLessThanOrEqual(length);
        const [head = '', tail = ''] = short === text ? [text, text] : short.split(/…(?=[^…]*$)/);
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      }),
    );
  });
});

describe('distinctive texts', () => {
  it('fit, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        for (const text of distinctive(texts, 20)) expect([...text].length).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('lose what they share, not what tells them apart', () => {
    const frame = (inner: string) => `meta-light(spatial=${inner}, expansion=3)`;
    expect(distinctive([frame('repso'), frame('depthwise')], 20)).toEqual(['…repso…', '…depthwise…']);
    expect(
      distinctive(['inverted residual in LightNet', 'inverted residual with SE in LightNet', 'other'], 20),
    ).toEqual(['…in LightNet', '…with SE in LightNet', 'other']);
    expect(distinctive(['short', 'names'], 20)).toEqual(['short', 'names']);
  });
});

describe('distinct texts', () => {
  it('differ from each other, and keep what they were', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'a (2)', 'a (3)')), (texts) => {
        const unique = distinct(texts);
        expect(new Set(unique).size).toBe(texts.length);
        for (const [index, text] of texts.entries()) expect(unique[index]?.startsWith(text)).toBe(true);
      }),
    );
  });
});

describe('a list in words', () => {
  it.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
  ])('%j', (texts, expected) => expect(listed(texts)).toBe(expected));
});
