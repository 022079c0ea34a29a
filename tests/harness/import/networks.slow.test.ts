/** Networks of timm and torchvision: the costs that fvcore counts, and the outputs of the files that they are read from. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type ImportedNetwork, importNetworks } from '../../support/imported-networks.js';
import { pythonIsMissing } from '../../support/python.js';

/** `npx jiti benchmarks/imports.ts` takes many more. */
const NETWORKS = [
  'tv:mobilenet_v2',
  'tv:mobilenet_v3_small',
  'tv:shufflenet_v2_x0_5',
  'timm:lcnet_050',
  'timm:tf_mixnet_s',
  'timm:ghostnetv2_100',
  'timm:convnext_atto',
  'timm:starnet_s1',
  'timm:efficientvit_b0',
  'timm:mobilevit_xxs',
  'timm:edgenext_xx_small',
];

const REFUSED = { 'timm:efficientvit_m0': /Mod.*is not understood/ };

const missing = pythonIsMissing('torch', 'timm', 'torchvision');

describe.skipIf(missing)(`a network of PyTorch${missing ? ` (${missing})` : ''}`, () => {
  let results: readonly ImportedNetwork[] = [];

  beforeAll(async () => {
    results = await importNetworks([...NETWORKS, ...Object.keys(REFUSED)]);
  }, 600_000);

  it.each(NETWORKS)('%s is read as it is', (name) => {
    const result = results.find((one) => one.name === name);
    if (result?.state !== 'imported') throw new Error(JSON.stringify(result));
    expect(result.ours).toEqual(result.theirs);
    expect(result.difference).toBeLessThan(1e-4);
  });

  it.each(Object.entries(REFUSED))('%s is refused with the reason', (name, reason) => {
    expect(results.find((one) => one.name === name)).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(reason),
    });
  });
});
