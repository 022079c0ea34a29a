/** Widths that a family cannot have are refused by its id; all others build. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildNetwork } from '../../../blocks/build.js';
import { REGISTRY } from '../../../blocks/registry.js';
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
      else
        expect(await refusalOf(build)).toContain(
          `Its widths with ${groups} groups are ${widths.join(', ')};`,
        );
    }
  });
});
