/** Widths that a family cannot have are refused by its id; all others build, and are where they say. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildNetwork } from '../../../blocks/build.js';
import { REGISTRY } from '../../../blocks/registry.js';
import { inputShapes } from '../../../harness/graph/graph.js';
import { fingerprint } from '../../../harness/graph/print.js';
import { refusalOf } from '../../support/refusal.js';

const SITE = { input: [3, 64, 64], classes: 10 } as const;

const leastWidths = REGISTRY.network.flatMap(({ id, options }) => {
  const width = z.toJSONSchema(options, { io: 'input' }).properties?.width;
  return typeof width === 'object' && width.minimum !== undefined ? [[id, width.minimum] as const] : [];
});

describe('the least width of a family', () => {
  it.each(leastWidths)('%s builds at %d', (id, width) => {
    expect(buildNetwork({ id, set: { width } }, SITE).output.shape).toEqual([10]);
  });
});

describe('the width of the head', () => {
  const withHead = REGISTRY.network.filter(({ options }) => Object.hasOwn(options.shape, 'headWidth'));

  it.each(withHead.map(({ id }) => id))('%s gives its classifier so many features', (id) => {
    for (const headWidth of [1, 48, 2000]) {
      const graph = buildNetwork({ id, set: { headWidth } }, SITE);
      const classifiers = graph.nodes.filter(({ op }) => op.kind === 'dense');
      expect(classifiers.map((node) => inputShapes(graph, node))).toEqual([[[headWidth]]]);
    }
  });
});

describe('LightNet', () => {
  it('at twice the width of its small preset has twice the channels everywhere', () => {
    const explicit = { preset: 'small', stemWidth: 16, widths: [16, 32, 64, 128], headWidth: 256 };
    expect(fingerprint(buildNetwork({ id: 'lightnet', set: { preset: 'small', width: 2 } }, SITE))).toBe(
      fingerprint(buildNetwork({ id: 'lightnet', set: explicit }, SITE)),
    );
  });

  it.each([0.125, 0.77, 1.3, 3.14])('at width %d keeps the ratios of its stages', (width) => {
    const graph = buildNetwork({ id: 'lightnet', set: { width } }, SITE);
    const channels = [0, 1, 2, 3].map(
      (s) => graph.nodes.find(({ path }) => path === `stages.${s}.blocks.0.add`)?.shape[0] ?? 0,
    );
    const first = Math.max(1, Math.round(32 * width));
    expect(channels).toEqual([first, 2 * first, 4 * first, 8 * first]);
  });

  it('keeps what is given at any width', () => {
    const given = { stemWidth: 24, widths: [16, 48], depths: [1, 1], headWidth: 20 };
    const [one, other] = [1, 3].map((width) =>
      buildNetwork({ id: 'lightnet', set: { ...given, width } }, SITE),
    );
    expect(other).toEqual(one);
  });
});

describe('ShuffleNet', () => {
  it.each([
    [1, [0.25, 0.5, 0.75, 1, 1.5, 2]],
    [2, [1, 2]],
    [3, [0.25, 0.5, 0.75, 1, 1.5, 2]],
    [4, [1, 2]],
    [8, [0.5, 1, 1.5, 2]],
  ])('in %i groups has the widths %j and names them where it refuses another', async (groups, widths) => {
    for (const width of [0.25, 0.5, 0.75, 1, 1.5, 2]) {
      const build = () => buildNetwork({ id: 'shufflenet-v1', set: { groups, width } }, SITE);
      if (widths.includes(width)) expect(build().output.shape).toEqual([10]);
      else expect(await refusalOf(build)).toContain(`With ${groups} groups, use width ${widths.join(', ')};`);
    }
  });
});
