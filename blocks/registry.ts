/** What exists: one line an entry. */
import { channelwiseSeparable } from './basic/channelwise-separable.js';
import { dsConv } from './basic/ds-conv.js';
import { fasternet } from './basic/fasternet.js';
import { ghostBottleneck } from './basic/ghost-bottleneck.js';
import { igcv1Block } from './basic/igcv1-block.js';
import { igcv3Block } from './basic/igcv3-block.js';
import { invertedResidual } from './basic/inverted-residual.js';
import { meta } from './basic/meta.js';
import { metaLight } from './basic/meta-light.js';
import { mobileone } from './basic/mobileone.js';
import { ppLcnetUnit } from './basic/pp-lcnet-unit.js';
import { repghost } from './basic/repghost.js';
import { repvgg } from './basic/repvgg.js';
import { sandglass } from './basic/sandglass.js';
import { shuffleNetV1Unit } from './basic/shufflenet-v1-unit.js';
import { shuffleNetV2Unit } from './basic/shufflenet-v2-unit.js';
import { starnet } from './basic/starnet.js';
import { universalInvertedBottleneck } from './basic/universal-inverted-bottleneck.js';
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
import { channelnetV1, channelnetV2, channelnetV3 } from './networks/channelnet.js';
import { efficientnetB0, efficientnetB1 } from './networks/efficientnet.js';
import { efficientnetLite0 } from './networks/efficientnet-lite.js';
import { falconnet } from './networks/falconnet.js';
import { fasternetT0, fasternetT1, fasternetT2 } from './networks/fasternet.js';
import { ghostnet } from './networks/ghostnet.js';
import { igcv3D } from './networks/igcv3-d.js';
import { lightnet } from './networks/lightnet.js';
import { mnasnetA1, mnasnetB1 } from './networks/mnasnet.js';
import { mobilenetV1 } from './networks/mobilenet-v1.js';
import { mobilenetV2 } from './networks/mobilenet-v2.js';
import { mobilenetV3Large, mobilenetV3Small } from './networks/mobilenet-v3.js';
import { mobilenetV4ConvSmall } from './networks/mobilenet-v4.js';
import { mobilenext } from './networks/mobilenext.js';
import { mobileoneS0, mobileoneS1, mobileoneS2 } from './networks/mobileone.js';
import { ppLcnet } from './networks/pp-lcnet.js';
import { repghostnet } from './networks/repghostnet.js';
import { repvggA0 } from './networks/repvgg.js';
import { shufflenetV1 } from './networks/shufflenet-v1.js';
import { shufflenetV2 } from './networks/shufflenet-v2.js';
import { starnetS1, starnetS2, starnetS3, starnetS4 } from './networks/starnet.js';
import type { Definition, PartKind } from './part.js';
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
    shuffleNetV1Unit,
    shuffleNetV2Unit,
    igcv1Block,
    igcv3Block,
    channelwiseSeparable,
    universalInvertedBottleneck,
    dsConv,
    ghostBottleneck,
    repghost,
    repvgg,
    mobileone,
    starnet,
    ppLcnetUnit,
  ]),
  network: Object.freeze([
    lightnet, //
    falconnet,
    mobilenetV1,
    mobilenetV2,
    mobilenetV3Large,
    mobilenetV3Small,
    mobilenetV4ConvSmall,
    mobilenext,
    shufflenetV1,
    shufflenetV2,
    igcv3D,
    channelnetV1,
    channelnetV2,
    channelnetV3,
    efficientnetB0,
    efficientnetB1,
    efficientnetLite0,
    mnasnetA1,
    mnasnetB1,
    ghostnet,
    repghostnet,
    fasternetT0,
    fasternetT1,
    fasternetT2,
    repvggA0,
    mobileoneS0,
    mobileoneS1,
    mobileoneS2,
    starnetS1,
    starnetS2,
    starnetS3,
    starnetS4,
    ppLcnet,
  ]),
});
