import { z } from 'zod';
import { GraphBuilder, type Value } from '../../harness/graph/build/builder.js';
import { defineBlock } from '../define.js';
import type { BlockPart, ChannelPart, SpatialPart } from '../part.js';
import { expansionOption, hiddenWidth } from './hidden-width.js';
import { residual } from './residual.js';

export interface MetaBlock {
  readonly spatial1: SpatialPart;
  readonly channel1: ChannelPart;
  readonly spatial2: SpatialPart;
  /** Weighs the channels after the second spatial operator and its activation. */
  readonly excite?: (g: GraphBuilder, x: Value) => Value;
  readonly channel2: ChannelPart;
  readonly spatial3: SpatialPart;
  /** Channels between the two channel operators. */
  readonly hidden: number;
}

/**
 * The frame of FalconNet's Meta Basic Block (arXiv:2306.06365): spatial1 -> channel1 -> spatial2 -> channel2 -> spatial3, and a
 * residual connection where shapes allow. An activation follows every operator but the last and those that reduce the channels;
 * nothing follows an operator that returns its input.
 */
export const metaBlock =
  ({ spatial1, channel1, spatial2, excite, channel2, spatial3, hidden }: MetaBlock): BlockPart =>
  (g, x, { outChannels, stride, activation }) => {
    const present = {
      spatial1: !isIdentity(spatial1, x, x.shape[0]),
      spatial2: !isIdentity(spatial2, x, hidden),
      spatial3: !isIdentity(spatial3, x, outChannels),
    };
    const strided = strideBearer(present);
    const strideOf = (name: SpatialName) => ({ stride: name === strided ? stride : 1 });
    const activated = (name: string, before: Value, operator: (scope: GraphBuilder) => Value): Value => {
      const scope = g.scope(name);
      const after = operator(scope);
      const linear = after === before || after.shape[0] < before.shape[0];
      return linear ? after : scope.activation('act', after, activation);
    };

    const a = activated('spatial1', x, (s) => spatial1(s, x, strideOf('spatial1')));
    const b = activated('channel1', a, (s) => channel1(s, a, { outChannels: hidden }));
    const c = activated('spatial2', b, (s) => spatial2(s, b, strideOf('spatial2')));
    const d = excite ? excite(g.scope('excite'), c) : c;
    if (!present.spatial3) return residual(g, x, channel2(g.scope('channel2'), d, { outChannels }), stride);
    const e = activated('channel2', d, (s) => channel2(s, d, { outChannels }));
    return residual(g, x, spatial3(g.scope('spatial3'), e, strideOf('spatial3')), stride);
  };

/**
 * The five operators are free. A stride stands on the second spatial operator; where that is the identity, on the third, then the
 * first.
 */
export const meta = defineBlock({
  id: 'meta',
  summary:
    'Meta Basic Block: alternating spatial and channel operators, any of which can be chosen; known blocks are instances of it.',
  paper: 'FalconNet, arXiv:2306.06365',
  admits: 'Input channels for which expansion gives a whole number and which its operators accept.',
  options: z.strictObject({ expansion: expansionOption(4) }),
  slots: {
    spatial1: { kind: 'spatial', default: 'identity', summary: 'First spatial operator.' },
    channel1: {
      kind: 'channel',
      default: 'pointwise',
      summary: 'First channel operator, to the hidden width.',
    },
    spatial2: { kind: 'spatial', default: 'depthwise', summary: 'Spatial operator at the hidden width.' },
    channel2: {
      kind: 'channel',
      default: 'pointwise',
      summary: 'Second channel operator, to the output width.',
    },
    spatial3: { kind: 'spatial', default: 'identity', summary: 'Last spatial operator.' },
  },
  build: (g, x, site, { expansion }, parts) =>
    metaBlock({ ...parts, hidden: hiddenWidth('meta', x.shape[0], expansion) })(g, x, site),
});

type SpatialName = 'spatial1' | 'spatial2' | 'spatial3';

const strideBearer = (present: Readonly<Record<SpatialName, boolean>>): SpatialName => {
  if (present.spatial2) return 'spatial2';
  if (present.spatial3) return 'spatial3';
  return present.spatial1 ? 'spatial1' : 'spatial2';
};

/** Tried on a graph of its own, as an operator is the identity where it returns its input. */
const isIdentity = (
  operator: SpatialPart,
  { shape: [, height, width] }: Value,
  channels: number,
): boolean => {
  const trial = GraphBuilder.create();
  const input = trial.input([channels, height, width]);
  return operator(trial, input, { stride: 1 }) === input;
};
