import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { connectionPattern, drawConnections } from '../../../harness/cost/connection-pattern.js';
import { connectionsOf } from '../../../harness/cost/connections.js';

const draw = (choice: string, from: number, to: number, size?: { columns: number; rows: number }) =>
  drawConnections(buildAlone(choice, [from, 2, 2], { outChannels: to }), size).split('\n');

describe('the drawing of a pattern', () => {
  it('has a cell for every connection where they fit', () => {
    expect(draw('grouped', 4, 6)).toEqual([
      'Input to output: 4 inputs across, 6 outputs down; a cell is 1 input by 1 output',
      '██··',
      '██··',
      '██··',
      '··██',
      '··██',
      '··██',
    ]);
  });

  it('is shaded by the share of its connections where a cell is several', () => {
    const size = { columns: 4, rows: 2 };
    expect(draw('grouped(groups=8)', 8, 8, size)).toEqual([
      'Input to output: 8 inputs across, 8 outputs down; a cell is 2 inputs by 4 outputs',
      '░░··',
      '··░░',
    ]);
    expect(draw('channelwise(window=3)', 6, 6, { columns: 3, rows: 3 }).slice(1)).toEqual([
      '█░·',
      '░█░',
      '·░█',
    ]);
  });

  it('has at most as many columns and rows as asked for, and the last cells may be smaller', () => {
    const [, ...lines] = draw('grouped(groups=5)', 100, 150, { columns: 64, rows: 20 });
    expect(lines).toHaveLength(19);
    expect(new Set(lines.map((line) => line.length))).toEqual(new Set([50]));
  });

  it('shows the layers that make it, then the whole; what is dense needs no drawing', () => {
    expect(draw('sf(kernel=4)', 8, 8)).toEqual([
      'Layer 1: 8 inputs across, 4 outputs down; a cell is 1 input by 1 output',
      '████····',
      '████····',
      '····████',
      '····████',
      '',
      'Layer 2: 4 inputs across, 8 outputs down; a cell is 1 input by 1 output',
      '█·█·',
      '█·█·',
      '█·█·',
      '█·█·',
      '·█·█',
      '·█·█',
      '·█·█',
      '·█·█',
      '',
      'Input to output: 8 inputs, 8 outputs, all connected',
    ]);
  });

  it('counts every connection once, however large its cells', () => {
    const connections = connectionsOf(buildAlone('shuffled(groups=4)', [64, 2, 2], { outChannels: 256 }));
    const cells = connectionPattern(connections, { columns: 64, rows: 256 }).split('\n').slice(1).join('');
    expect([...cells].filter((cell) => cell === '█')).toHaveLength((64 / 4) * 256);
  });
});
