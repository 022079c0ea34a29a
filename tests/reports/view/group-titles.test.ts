import { describe, expect, it } from 'vitest';
import { groupTitles } from '../../../reports/view/group-titles.js';

const blocks = (selection: string, skeleton: string) => ({ group: 'lightnet', selection, skeleton }) as const;
const network = { group: 'network', selection: 'ghostnet(width=0.5)', skeleton: 'f' } as const;

describe('groups of candidates', () => {
  it('are called by their kind alone, where each is the only one of it', () => {
    expect(groupTitles([network, blocks('lightnet(block=meta-light,preset=small,width=2)', 'a')])).toEqual([
      'Published networks',
      'Blocks in LightNet',
    ]);
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
});
