import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../../blocks/build.js';
import { listDefinitions } from '../../../../blocks/lookup.js';
import { receptiveRange } from '../../../../harness/cost/receptive-range.js';
import { channelOperators } from '../../../../harness/run/plan/channel-operators.js';
import { tinyNetwork } from '../../../support/tiny-network.js';

describe.each(listDefinitions('channel').map(({ id }) => id))('%s in a candidate', (id) => {
  const operators = channelOperators(tinyNetwork(`meta(channel1=${id},channel2=${id},expansion=2)`));

  it.each([
    ['channel1', 16, 32],
    ['channel2', 32, 16],
  ] as const)('has in %s the receptive range that it has alone', (place, from, to) => {
    const found = operators.find((operator) => operator.place === place);
    const alone = receptiveRange(buildAlone(id, [from, 4, 4], { outChannels: to }));
    expect(found).toMatchObject({ ...alone, inputs: from, outputs: to });
  });

  it('has a pattern of at most 32 by 32 cells, all of them 9 where the range is full', () => {
    for (const { inputs, outputs, full, patterns } of operators) {
      const whole = patterns.at(-1);
      expect(whole).toMatchObject({ inputs, outputs });
      for (const { rows } of patterns) {
        expect(rows.length).toBeLessThanOrEqual(32);
        for (const row of rows) expect(row).toMatch(/^\d{1,32}$/);
      }
      expect(whole?.rows.every((row) => /^9+$/.test(row))).toBe(full);
    }
  });
});

describe('the channel operators of a candidate', () => {
  it('are those of every instance of the Meta Basic Block', () => {
    for (const block of ['inverted-residual', 'sandglass', 'meta-light(expand=sf,project=sf)']) {
      expect(channelOperators(tinyNetwork(block)).map(({ place }) => place)).toEqual([
        'channel1',
        'channel2',
      ]);
    }
  });

  it('are none where the block has another frame', () => {
    expect(channelOperators(tinyNetwork('ds-conv'))).toEqual([]);
    expect(channelOperators(buildAlone('meta', [8, 4, 4]))).toEqual([]);
  });

  it('show partial cells as neither empty nor full, and layers before the whole', () => {
    const [grouped] = channelOperators(tinyNetwork('meta(channel1=grouped(groups=4),expansion=8)'));
    const rows = grouped?.patterns.map((pattern) => pattern.rows);
    expect(rows).toEqual([
      [0, 1, 2, 3].flatMap((g) => Array(8).fill(`${'0000'.repeat(g)}9999`.padEnd(16, '0'))),
    ]);
    const [banded] = channelOperators(tinyNetwork('meta(channel1=channelwise(window=3),expansion=8)'));
    expect(banded?.patterns).toHaveLength(1);
    expect(banded?.patterns[0]?.rows.join('')).toMatch(/[1-8]/);
    const [sf] = channelOperators(tinyNetwork('meta(channel1=sf,expansion=2)'));
    expect(sf?.patterns).toHaveLength(3);
  });
});
