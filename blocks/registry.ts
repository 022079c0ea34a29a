/** What exists: one line an entry. */
import { dsConv } from './basic/ds-conv.js';
import { fasternet } from './basic/fasternet.js';
import { invertedResidual } from './basic/inverted-residual.js';
import { meta } from './basic/meta.js';
import { metaLight } from './basic/meta-light.js';
import { sandglass } from './basic/sandglass.js';
import { channelwise } from './channel/channelwise.js';
import { ghost } from './channel/ghost.js';
import { groupChannelwise } from './channel/group-channelwise.js';
import { grouped } from './channel/grouped.js';
import { igc } from './channel/igc.js';
import { igcV3 } from './channel/igc-v3.js';
import { lowRank } from './channel/low-rank.js';
import { pointwise } from './channel/pointwise.js';
import { refco } from './channel/refco.js';
import { sf } from './channel/sf.js';
import { shuffled } from './channel/shuffled.js';
import type { Definition, PartKind } from './define.js';
import { falconnet } from './networks/falconnet.js';
import { lightnet } from './networks/lightnet.js';
import { acnet } from './spatial/acnet.js';
import { avgPool } from './spatial/avg-pool.js';
import { depthwise } from './spatial/depthwise.js';
import { identity } from './spatial/identity.js';
import { maxPool } from './spatial/max-pool.js';
import { mobileoneDepthwise } from './spatial/mobileone-depthwise.js';
import { partial } from './spatial/partial.js';
import { repso } from './spatial/repso.js';
import { repvggDepthwise } from './spatial/repvgg-depthwise.js';

type Registry = { readonly [K in PartKind]: readonly Definition<K>[] };

/** Ids are unique over all kinds. */
export const REGISTRY: Registry = Object.freeze({
  spatial: Object.freeze([
    identity, //
    depthwise,
    partial,
    repso,
    acnet,
    repvggDepthwise,
    mobileoneDepthwise,
    avgPool,
    maxPool,
  ]),
  channel: Object.freeze([
    pointwise, //
    grouped,
    shuffled,
    igc,
    igcV3,
    channelwise,
    groupChannelwise,
    ghost,
    lowRank,
    sf,
    refco,
  ]),
  block: Object.freeze([
    meta, //
    metaLight,
    invertedResidual,
    sandglass,
    fasternet,
    dsConv,
  ]),
  network: Object.freeze([
    lightnet, //
    falconnet,
  ]),
});
