import { describe, expect, it } from 'vitest';
import { printChoice } from '../../blocks/choice.js';
import type { OptionValue } from '../../blocks/part.js';
import { buildSubject, chooseSubject, type SubjectRequest } from '../../blocks/subject.js';

const printed = (request: SubjectRequest): string => printChoice(chooseSubject(request).choice);

describe('a setting of a network goes where it belongs', () => {
  it.each<[SubjectRequest, string]>([
    [{ id: 'lightnet', set: { headWidth: 64 } }, 'lightnet(block=meta-light,headWidth=64)'],
    [{ id: 'lightnet', set: { expansion: 3 } }, 'lightnet(block=meta-light(expansion=3))'],
    [
      { id: 'lightnet', block: 'sandglass', set: { kernel: 5, preset: 'small' } },
      'lightnet(block=sandglass(kernel=5),preset=small)',
    ],
    [
      { id: 'lightnet(block=meta-light(expansion=2),preset=small)', set: { spatial: 'repso', expansion: 3 } },
      'lightnet(block=meta-light(expansion=3,spatial=repso),preset=small)',
    ],
    [{ id: 'lightnet', set: { block: 'sandglass', kernel: 5 } }, 'lightnet(block=sandglass(kernel=5))'],
    [
      { id: 'lightnet', set: { 'network.depths': [1, 1, 1, 1], 'block.expansion': 2 } },
      'lightnet(block=meta-light(expansion=2),depths=[1,1,1,1])',
    ],
    [
      { id: 'falconnet', set: { expansion: 2, spatial: 'depthwise' } },
      'falconnet(expansion=2,spatial=depthwise)',
    ],
  ])('%j', (request, choice) => {
    expect(printed(request)).toBe(choice);
  });

  it('and is refused where neither knows it', () => {
    const subject = chooseSubject({ id: 'lightnet', set: { kernl: 3 } });
    expect(() => buildSubject(subject, [3, 64, 64], 10)).toThrow('meta-light has no option kernl');
  });
});

describe('a setting of a part alone goes to the part, or to its site', () => {
  it('by name', () => {
    const set: Record<string, OptionValue> = { reduction: 4, outChannels: 128 };
    const subject = chooseSubject({ id: 'sf', set });
    expect(subject).toEqual({
      kind: 'channel',
      choice: { id: 'sf', set: { reduction: 4 } },
      site: { outChannels: 128 },
    });
    expect(buildSubject(subject, [64, 7, 7], 10).output.shape).toEqual([128, 7, 7]);
  });

  it('and is refused where it is wrong', () => {
    expect(() => chooseSubject({ id: 'depthwise', set: { stride: 0 } })).toThrow(
      'depthwise: stride=0 is not allowed',
    );
  });
});

describe('a block is refused where there is no place for one', () => {
  it.each(['falconnet', 'sandglass', 'repso'])('%s', (id) => {
    expect(() => chooseSubject({ id, block: 'meta-light' })).toThrow(`${id} does not take a block`);
  });
});
