/**
 * How many networks of timm and torchvision does lightbench read from ONNX, with which costs and outputs? Exports each with random weights
 * at 128 pixels, counts it by fvcore (`pip install fvcore`; else by torch's own counter), and compares the logits of the network that was
 * read with those of the file in onnxruntime. Needs Python with tests/torch/requirements.txt.
 *
 *   npx jiti benchmarks/imports.ts [PATTERN]    only names that match, for example 'timm:mobilenet'
 */
import { importNetworks } from '../tests/support/imported-networks.js';

const TORCHVISION = `
  densenet121 efficientnet_b0 efficientnet_v2_s googlenet mnasnet0_5 mnasnet1_0 mobilenet_v2
  mobilenet_v3_large mobilenet_v3_small regnet_x_400mf regnet_y_400mf resnet18 resnet50
  shufflenet_v2_x0_5 shufflenet_v2_x1_0 shufflenet_v2_x1_5 squeezenet1_0 squeezenet1_1
`;

const TIMM = `
  convnext_atto convnext_femto convnext_tiny convnextv2_atto cs3darknet_s cspdarknet53 cspresnet50
  darknet17 darknet21 densenet121 dla34 dla46_c dla60x_c dpn48b dpn68 eca_nfnet_l0 eca_resnext26ts
  ecaresnet26t ecaresnetlight edgenext_small edgenext_xx_small efficientnet_b0 efficientnet_b0_gn
  efficientnet_b1 efficientnet_es efficientnet_lite0 efficientnetv2_rw_t efficientvit_b0
  efficientvit_m0 ese_vovnet19b_dw ese_vovnet19b_slim fasternet_t0 fasternet_t1 fastvit_t8 fbnetc_100
  fbnetv3_b gcresnext26ts gernet_s ghostnet_100 ghostnetv2_100 ghostnetv3_100 hardcorenas_a
  hardcorenas_f hgnet_tiny hgnetv2_b0 hgnetv2_b1 hrnet_w18_small inception_next_atto inception_v3
  lcnet_035 lcnet_050 lcnet_100 legacy_xception mambaout_femto mixnet_m mixnet_s mnasnet_100
  mobilenet_edgetpu_v2_xs mobilenetv1_100 mobilenetv2_050 mobilenetv3_large_100 mobilenetv3_small_100
  mobilenetv4_conv_medium mobilenetv4_conv_small mobilenetv4_hybrid_medium mobileone_s0 mobileone_s1
  mobilevit_xxs mobilevitv2_050 nextvit_small nf_resnet26 poolformer_s12 poolformerv2_s12 regnetv_040
  regnetx_002 regnetx_008 regnety_002 regnety_008 regnetz_040 repghostnet_050 repghostnet_100
  repvgg_a0 repvit_m0_9 repvit_m1 res2net50_14w_8s resnest14d resnet18 resnet18d resnet26 resnet26d
  resnet34 resnet50 resnetaa34d resnetblur18 resnetrs50 resnetv2_50 resnext26ts resnext50_32x4d
  rexnet_100 rexnetr_200 selecsls42b semnasnet_100 seresnet18 seresnext26d_32x4d seresnext26ts
  shvit_s1 skresnet18 spnasnet_100 starnet_s1 starnet_s2 swiftformer_xs test_byobnet test_efficientnet
  test_resnet tf_efficientnet_b0 tf_efficientnet_es tf_efficientnet_lite0 tf_efficientnetv2_b0
  tf_mixnet_s tf_mobilenetv3_large_minimal_100 tf_mobilenetv3_small_100 tinynet_a tinynet_e vovnet39a
  xception41
`;

const named = (library: string, names: string): readonly string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${library}:${name}`);

/** Of one Python process, whose files lie on the disk together. */
const CHUNK = 12;

const pattern = new RegExp(process.argv[2] ?? '');
const names = [...named('tv', TORCHVISION), ...named('timm', TIMM)].filter((name) => pattern.test(name));
const counts = { imported: 0, 'equal costs': 0, 'equal outputs': 0, refused: 0, 'not exported': 0 };
for (let i = 0; i < names.length; i += CHUNK) {
  for (const result of await importNetworks(names.slice(i, i + CHUNK))) {
    counts[result.state] += 1;
    if (result.state !== 'imported') {
      console.log(`${result.name}: ${result.state}: ${result.reason}`);
      continue;
    }
    const { ours, theirs, counter, difference } = result;
    const isEqual = ours.macs === theirs.macs && ours.params === theirs.params;
    if (isEqual) counts['equal costs'] += 1;
    if (difference < 1e-4) counts['equal outputs'] += 1;
    const costs = isEqual ? `${ours.params} parameters, ${ours.macs} MACs, as ${counter} counts` : '';
    const unlike = `${ours.params} parameters, ${ours.macs} MACs; ${counter}: ${theirs.params}, ${theirs.macs}`;
    console.log(
      `${result.name}: ${isEqual ? costs : unlike}; outputs differ by ${difference.toExponential(1)}`,
    );
  }
}
console.log(
  Object.entries(counts)
    .map(([what, count]) => `${count} ${what}`)
    .join(', '),
);
