import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildAlone, buildNetwork } from '../../blocks/build.js';
import {
  defineBlock,
  defineChannelOperator,
  defineNetwork,
  defineSpatialOperator,
} from '../../blocks/define.js';
import type { BlockPart, BlockSite, SpatialPart } from '../../blocks/part.js';
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import type { Graph } from '../../harness/graph/graph.js';
import { refusalOf } from '../support/refusal.js';

const about = { id: 'mine', summary: 'Mine.', paper: 'none', options: z.strictObject({}) };

const block = (build: (g: GraphBuilder, x: Value, site: BlockSite) => unknown) =>
  defineBlock({ ...about, build: build as BlockPart });

const pointwise = (g: GraphBuilder, x: Value, outChannels: number) =>
  g.conv2d('conv', x, { outChannels, kernel: 1 });

const inLightNet = (part: ReturnType<typeof block>) => () =>
  buildNetwork(
    { id: 'lightnet', set: { preset: 'small', block: part } },
    { input: [1, 32, 32], classes: 10 },
  );

describe('a block in a skeleton', () => {
  it.each([
    ['other channels', block((g, x) => pointwise(g, x, 7)), '7x16x16'],
    ['half the map', block((g, x) => g.maxPool('pool', x, { kernel: 2, stride: 2 })), '8x8x8'],
    ['a vector', block((g, x) => g.flatten('flat', x)), '2048'],
  ])('that gives %s is named, with its place and its contract', async (_what, part, shapes) => {
    expect(await refusalOf(inLightNet(part))).toBe(
      `lightnet: mine at stages.0.blocks.0: for an input of 8x16x16 it returned ${shapes}; expected 8x16x16. ` +
        'A block gives outChannels channels and divides the map by its stride, rounded up.',
    );
  });

  it.each([
    ['nothing', block(() => undefined), 'undefined'],
    ['a promise', block(async (_g, x) => x), 'Promise'],
    ['a shape', block((_g, x) => x.shape), '[8, 16, 16]'],
    [
      'a value of another graph',
      block((_g, x) => {
        const g = GraphBuilder.create();
        return g.input(x.shape);
      }),
      '{ id: 0',
    ],
  ])('that returns %s is named, with what it returned', async (_what, part, returned) => {
    const text = await refusalOf(inLightNet(part));
    expect(text).toContain(`mine at stages.0.blocks.0: its build function returned ${returned}`);
    expect(text).toContain(', not a value of this graph. Return the result of the last operation.');
  });
});

describe('operators', () => {
  it('that change what they must keep are named, wherever they stand', async () => {
    const doubling = defineSpatialOperator({
      ...about,
      id: 'doubling',
      build: (g, x, { stride }) => g.conv2d('conv', x, { outChannels: 2 * x.shape[0], kernel: 3, stride }),
    });
    const shrinking = defineChannelOperator({
      ...about,
      id: 'shrinking',
      build: (g, x, { outChannels }) => g.conv2d('conv', x, { outChannels, kernel: 3, padding: 0 }),
    });
    expect(await refusalOf(() => buildAlone(doubling, [4, 9, 9], { stride: 2 }))).toBe(
      'doubling: for an input of 4x9x9 it returned 8x5x5; expected 4x5x5. ' +
        'A spatial operator keeps the channels and divides the map by its stride, rounded up.',
    );
    const inBlock = { id: 'meta-light', set: { expand: shrinking } };
    expect(await refusalOf(() => buildAlone(inBlock, [4, 9, 9]))).toBe(
      'meta-light: shrinking at channel1: for an input of 4x9x9 it returned 16x7x7; expected 16x9x9. ' +
        'A channel operator gives outChannels channels and keeps the size of the map.',
    );
  });

  it('that are asked for what no site is say who was asked for what', async () => {
    const asking = (site: object) =>
      defineBlock({
        ...about,
        slots: { mixer: { kind: 'spatial', default: 'depthwise', summary: 'Any.' } },
        build: (g, x, _site, _options, { mixer }) => mixer(g.scope('mixer'), x, site as { stride: number }),
      });
    expect(await refusalOf(() => buildAlone(asking({ stride: 0 }), [4, 9, 9]))).toBe(
      'mine: depthwise at mixer: stride=0 is not allowed. stride must be a whole number from 1 to 1048576.',
    );
    expect(await refusalOf(() => buildAlone(asking({}), [4, 9, 9]))).toContain(
      'depthwise at mixer: stride=undefined',
    );
    const site = { outChannels: 64.5 };
    expect(await refusalOf(() => buildAlone('grouped(groups=1)', [4, 9, 9], site))).toBe(
      'grouped: outChannels=64.5 is not allowed. outChannels must be a whole number from 1 to 1048576.',
    );
  });

  it('that are given no value say so', async () => {
    const careless = defineBlock({
      ...about,
      slots: { mixer: { kind: 'spatial', default: 'depthwise', summary: 'Any.' } },
      build: (g, _x, site, _options, { mixer }) =>
        (mixer as (...given: readonly unknown[]) => ReturnType<SpatialPart>)(
          g.scope('mixer'),
          undefined,
          site,
        ),
    });
    expect(await refusalOf(() => buildAlone(careless, [4, 9, 9]))).toBe(
      'mine: depthwise at mixer: its input is undefined, not a map of this graph. ' +
        'Pass a map returned by a builder method or by another part.',
    );
  });
});

describe('a network', () => {
  const network = (build: () => unknown) => defineNetwork({ ...about, build: build as () => Graph });
  const site = { input: [3, 8, 8], classes: 5 } as const;

  it('that returns no graph, or one that goes elsewhere, is named', async () => {
    expect(
      await refusalOf(() =>
        buildNetwork(
          network(() => undefined),
          site,
        ),
      ),
    ).toBe('mine: its build function returned undefined, not a graph. Return g.finish(logits).');
    const map = network(() => {
      const g = GraphBuilder.create();
      return g.finish(g.globalAvgPool('pool', pointwise(g, g.input([3, 4, 4]), 5)));
    });
    expect(await refusalOf(() => buildNetwork(map, site))).toBe(
      'mine: its graph goes from 3x4x4 to 5x1x1; expected from 3x8x8 to 5. ' +
        'A network takes the input of its site and gives one logit per class.',
    );
  });

  it('is built of what can be a part, and of options that can be read', async () => {
    const lightnet = (set: object) => () =>
      buildNetwork({ id: 'lightnet', set: set as Record<string, number> }, site);
    expect(await refusalOf(lightnet({ block: {} }))).toMatch(/^lightnet\.block: \{\} is not a part\./);
    expect(await refusalOf(lightnet({ widths: new Map() }))).toMatch(
      /^lightnet: widths=Map\(0\) \{\} is not allowed/,
    );
    expect(await refusalOf(lightnet({ depths: [2 ** 32], widths: [8] }))).toMatch(
      /^lightnet: depths=\[4294967296\] is not allowed/,
    );
  });

  it('is refused more classes than any output may have', async () => {
    const many = { input: [3, 32, 32], classes: 1e9 } as const;
    expect(await refusalOf(() => buildNetwork('mobilenet-v2', many))).toBe(
      'mobilenet-v2: classes=1000000000 is not allowed. classes must be a whole number from 1 to 1048576.',
    );
  });
});
