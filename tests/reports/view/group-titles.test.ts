import { describe, expect, it } from 'vitest';
import { groupTitles } from '../../../reports/view/group-titles.js';

const block = (selection: string, skeleton: string) => ({ group: 'lightnet', selection, skeleton }) as const;
const published = { group: 'network', selection: 'ghostnet(width=0.5)', skeleton: 'f' } as const;
const blocks = (selection: string, skeleton: string) =>
  ({ kind: 'lightnet', members: [block(selection, skeleton)] }) as const;
const networks = (...members: readonly (typeof published | ReturnType<typeof block>)[]) =>
  ({ kind: 'network', members }) as const;

describe('groups of candidates', () => {
  it('are called by their kind alone, where each is the only one of it', () => {
    expect(
      groupTitles([networks(published), blocks('lightnet(block=meta-light,preset=small,width=2)', 'a')]),
    ).toEqual(['Published networks', 'Blocks in LightNet']);
  });

  it('are whole networks where some are published, and some blocks in a skeleton of their own', () => {
    expect(groupTitles([networks(block('lightnet(width=2)', 'a'), published)])).toEqual(['Whole networks']);
  });

  it('are told apart by what is set unequally around their blocks', () => {
    expect(
      groupTitles([
        blocks('lightnet(block=meta-light(expansion=4),preset=small,width=2)', 'a'),
        blocks('lightnet(block=meta-light,headWidth=48,preset=small,width=1.125)', 'b'),
        blocks('lightnet(preset=small)', 'c'),
        blocks('own-net(preset=small,widths=[8,16])', 'd'),
      ]),
    ).toEqual([
      'Blocks in LightNet, width=2',
      'Blocks in LightNet, width=1.125, headWidth=48',
      'Blocks in LightNet',
      'Blocks in own-net',
    ]);
  });

  it('are told apart by hash where a part itself changes what is around it', () => {
    expect(
      groupTitles([
        blocks('lightnet(block=sandglass)', '0123456789abcdef'),
        blocks('lightnet(block=repso)', 'fedcba9876543210'),
        blocks('lightnet(block=repso,width=2)', 'a'),
      ]),
    ).toEqual([
      'Blocks in LightNet, skeleton 01234567',
      'Blocks in LightNet, skeleton fedcba98',
      'Blocks in LightNet, width=2',
    ]);
  });

  it('are in LightNet where a selection cannot be read: plans come from other machines', () => {
    expect(groupTitles([blocks('lightnet(block="></script>)', 'a'), blocks('=', 'b')])).toEqual([
      'Blocks in LightNet, skeleton a',
      'Blocks in LightNet, skeleton b',
    ]);
  });
});
