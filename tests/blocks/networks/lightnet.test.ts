import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import type { OptionValue } from '../../../blocks/part.js';
import { cost } from '../../../harness/cost/cost.js';
import { skeletonFingerprint } from '../../../harness/graph/print.js';
import { formatShape } from '../../../harness/graph/shape.js';
import { learnable } from '../learnable.js';

const lightnet = (set: Readonly<Record<string, OptionValue>> = {}, size = 64) =>
  buildNetwork({ id: 'lightnet', set }, { input: [3, size, size], classes: 10 });

const shapeAt = (graph: ReturnType<typeof lightnet>, path: string): string | undefined => {
  const node = graph.nodes.find((candidate) => candidate.path === path);
  return node && formatShape(node.shape);
};

const bn = (channels: number) => 2 * channels;

/** Parameters of stem, subsampling and head, from the table of the paper's section on LightNet. */
const skeletonParameters = (
  stem: number,
  widths: readonly number[],
  head: number,
  classes: number,
): number => {
  const [first = 0, last = 0] = [widths[0], widths.at(-1)];
  const stemLayers =
    27 * stem + bn(stem) + 9 * stem + bn(stem) + stem * first + bn(first) + 9 * first + bn(first);
  const subsampling = widths.slice(1).reduce((sum, width) => sum + 4 * width + bn(width), 0);
  return stemLayers + subsampling + last * head + bn(head) + head * classes + classes;
};

const RefCO = (c: number, out: number, r: number, k: number): number =>
  (c / k) * ((c * k) / r + bn(c / r)) + (k / r) * ((c * out) / k + bn(out));

const repso = (c: number): number => c * (3 * (9 + 2) + 2 * (3 + 2) + (1 + 2) + 2);

describe('LightNet', () => {
  it('has the depths and widths of the paper at a quarter, an eighth and so on of the image', () => {
    const graph = lightnet({}, 224);
    expect(shapeAt(graph, 'stages.0.blocks.2.add')).toBe('32x56x56');
    expect(shapeAt(graph, 'stages.1.blocks.2.add')).toBe('64x28x28');
    expect(shapeAt(graph, 'stages.2.blocks.8.add')).toBe('128x14x14');
    expect(shapeAt(graph, 'stages.3.blocks.2.add')).toBe('256x7x7');
    expect(new Set(graph.nodes.flatMap(({ block }) => block ?? [])).size).toBe(18);
  });

  it('has the parameters of its parts', () => {
    const block = (c: number) => c * 4 * c + bn(4 * c) + 9 * 4 * c + bn(4 * c) + 4 * c * c + bn(c);
    const blocks = 3 * block(32) + 3 * block(64) + 9 * block(128) + 3 * block(256);
    expect(learnable(lightnet())).toBe(skeletonParameters(32, [32, 64, 128, 256], 1024, 10) + blocks);
  });

  it('drops the last row and column of an odd map', () => {
    expect(shapeAt(lightnet({ preset: 'small' }, 28), 'stages.3.subsample.conv')).toBe('64x1x1');
  });

  it('takes explicit options over its preset', () => {
    const graph = lightnet({
      preset: 'small',
      widths: [16, 48],
      depths: [2, 1],
      stemStrides: [1, 2],
      headWidth: 20,
    });
    expect(shapeAt(graph, 'stem.entry.conv')).toBe('8x64x64');
    expect(shapeAt(graph, 'stages.1.blocks.0.add')).toBe('48x16x16');
    expect(shapeAt(graph, 'head.conv')).toBe('20x16x16');
  });

  it('has its shortcut around the depthwise convolution of the stem', () => {
    const paths = (set: Readonly<Record<string, OptionValue>>) => lightnet(set).nodes.map(({ path }) => path);
    expect(paths({})).toContain('stem.add');
    expect(paths({ stemShortcut: false })).not.toContain('stem.add');
  });

  it('gives its activation to the blocks', () => {
    const functions = lightnet({ activation: 'hard-swish' }).nodes.flatMap(({ op }) =>
      op.kind === 'activation' ? [op.function] : [],
    );
    expect(new Set(functions)).toEqual(new Set(['hard-swish']));
  });

  it('has another fingerprint of its skeleton with every other choice', () => {
    const choices: readonly Readonly<Record<string, OptionValue>>[] = [
      {},
      { preset: 'small' },
      { stemWidth: 16 },
      { stemStrides: [2, 1] },
      { stemShortcut: false },
      { depths: [3, 3, 8, 3] },
      { widths: [32, 64, 128, 512] },
      { headWidth: 1280 },
      { activation: 'silu' },
    ];
    const fingerprints = choices.map((set) => skeletonFingerprint(lightnet(set)));
    expect(new Set(fingerprints).size).toBe(choices.length);
  });

  it('refuses depths and widths that do not belong together', () => {
    expect(() => lightnet({ depths: [1, 2] })).toThrow('lightnet: depths lists 2 stages, but widths lists 4');
    expect(() => lightnet({ widths: [32, 48, 96, 192] })).toThrow(
      'a stage of 48 channels cannot follow one of 32',
    );
  });

  it('says where an image is too small', () => {
    expect(() => lightnet({}, 16)).toThrow('stages.3.subsample.conv');
  });

  it('small costs an inverted residual of expansion 4 about a million multiply-adds an image', () => {
    const graph = buildNetwork('lightnet(preset=small,block=inverted-residual(expansion=4))', {
      input: [1, 32, 32],
      classes: 10,
    });
    const { macs } = cost(graph);
    expect(macs).toBeGreaterThan(1_000_000);
    expect(macs).toBeLessThan(1_700_000);
  });
});

describe('FalconNet', () => {
  it('has the parameters of the paper: RepSO between two RefCO in LightNet', () => {
    // The best K for C -> 4C and 4C -> C at R = 2, the smaller where two are equal: sqrt(8C) = 16, 22.6, 32, 45.3; sqrt(2C) = 8, 11.3, 16, 22.6.
    const stages = [
      { c: 32, depth: 3, expand: 16, project: 8 },
      { c: 64, depth: 3, expand: 16, project: 8 },
      { c: 128, depth: 9, expand: 32, project: 16 },
      { c: 256, depth: 3, expand: 32, project: 16 },
    ];
    const blocks = stages.reduce(
      (sum, { c, depth, expand, project }) =>
        sum + depth * (RefCO(c, 4 * c, 2, expand) + repso(4 * c) + RefCO(4 * c, c, 2, project)),
      0,
    );
    const graph = buildNetwork('falconnet', { input: [3, 64, 64], classes: 1000 });
    expect(learnable(graph)).toBe(skeletonParameters(32, [32, 64, 128, 256], 1024, 1000) + blocks);
  });

  it('is LightNet with a Meta Light Block of RepSO and RefCO', () => {
    const site = { input: [3, 64, 64], classes: 10 } as const;
    const block = 'meta-light(spatial=repso,expand=refco,project=refco)';
    const falconnet = buildNetwork('falconnet(preset=small)', site);
    expect(falconnet).toEqual(buildNetwork(`lightnet(preset=small,block=${block})`, site));
  });
});
