/**
 * Exact costs against other implementations, at other sizes and widths than the default too. The table was made by running them:
 * parameters counted, multiply-adds by hooks on convolutions and linear layers (for IGCV3, whose MXNet code no longer runs, by
 * following the shapes through its symbol file).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { cost } from '../../../harness/cost/cost.js';

const costOf = (network: string, size: number) =>
  cost(buildNetwork(network, { input: [3, size, size], classes: 1000 }));

const [, ...lines] = readFileSync(new URL('./reference-costs.tsv', import.meta.url), 'utf8')
  .trim()
  .split('\n');

const rows = lines.map((line) => {
  const [network = '', size = '', params = '', macs = '', source = ''] = line.split('\t');
  return { network, size: Number(size), params: Number(params), macs: Number(macs), source };
});

describe('parameters and multiply-adds', () => {
  it.each(rows)('of $network at $size px are those of $source', ({ network, size, params, macs }) => {
    expect(costOf(network, size)).toMatchObject({ params, macs });
  });

  it.each([
    [1, 1, 1_531_936],
    [2, 1, 1_733_848],
    [3, 1, 1_865_728],
    [4, 1, 1_968_344],
    [8, 1, 2_434_768],
    [1, 0.75, 975_214],
    [3, 0.75, 1_238_266],
    [1, 0.5, 534_484],
    [3, 0.5, 718_324],
    [1, 0.25, 209_746],
    [3, 0.25, 305_902],
  ])(
    'of ShuffleNet with %i groups at width %d are those that github.com/osmr/imgclsmob asserts',
    (groups, width, params) => {
      expect(costOf(`shufflenet-v1(groups=${groups},width=${width})`, 224).params).toBe(params);
    },
  );

  it.each([
    [1, 143],
    [2, 140],
    [3, 137],
    [4, 133],
    [8, 137],
  ])('of ShuffleNet with %i groups round, without the classifier, to the paper’s %iM', (groups, millions) => {
    const { macs, byKind } = costOf(`shufflenet-v1(groups=${groups})`, 224);
    expect(Math.round((macs - byKind.linear.macs) / 1e6)).toBe(millions);
  });

  it.each([
    [3, 0.5, 0.7, 38],
    [3, 1.5, 3.4, 292],
    [3, 2, 5.4, 524],
    [8, 0.5, 1.0, 40],
    [8, 1, 2.4, 138],
    [8, 1.5, 4.3, 290],
    [8, 2, 6.5, 522],
  ])(
    'of ShuffleNet with %i groups at width %d round to the authors’ %dM and %iM',
    (groups, width, params, macs) => {
      const exact = costOf(`shufflenet-v1(groups=${groups},width=${width})`, 224);
      const withoutBias = exact.params - 1000;
      expect([(withoutBias / 1e6).toFixed(1), Math.round(exact.macs / 1e6)]).toEqual([
        params.toFixed(1),
        macs,
      ]);
    },
  );
});
