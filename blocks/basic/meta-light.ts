import { z } from 'zod';
import { defineBlock } from '../define.js';
import type { BlockPart, ChannelPart, SpatialPart } from '../part.js';
import { keepPixels } from '../spatial/identity.js';
import { expansionOption, hiddenWidth } from './hidden-width.js';
import { metaBlock } from './meta.js';

/** The three operators of a Meta Light Block, in the paper's terms. */
export const metaLightSlots = (spatial: string, channel: string) =>
  ({
    expand: { kind: 'channel', default: channel, summary: 'Channel operator to the hidden width.' },
    spatial: { kind: 'spatial', default: spatial, summary: 'Spatial operator at the hidden width.' },
    project: { kind: 'channel', default: channel, summary: 'Channel operator to the output width.' },
  }) as const;

export interface MetaLightBlock {
  readonly expand: ChannelPart;
  readonly spatial: SpatialPart;
  readonly project: ChannelPart;
  readonly expansion: number;
}

/** The meta block with one spatial operator, between the two channel operators. Errors name `id`. */
export const metaLightBlock =
  (id: string, { expand, spatial, project, expansion }: MetaLightBlock): BlockPart =>
  (g, x, site) =>
    metaBlock({
      spatial1: keepPixels,
      channel1: expand,
      spatial2: spatial,
      channel2: project,
      spatial3: keepPixels,
      hidden: hiddenWidth(id, x.shape[0], expansion),
    })(g, x, site);

export const metaLight = defineBlock({
  id: 'meta-light',
  summary: 'Meta Light Block: expand, one spatial operator, project; each of the three can be chosen.',
  paper: 'FalconNet, arXiv:2306.06365',
  admits: 'Input channels for which expansion gives a whole number and which its operators accept.',
  options: z.strictObject({ expansion: expansionOption(4) }),
  slots: metaLightSlots('depthwise', 'pointwise'),
  build: (g, x, site, { expansion }, parts) =>
    metaLightBlock('meta-light', { ...parts, expansion })(g, x, site),
});
