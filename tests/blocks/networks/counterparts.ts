/** Which network of torchvision or timm computes the same as ours, given the same weights. */
export interface Counterpart {
  readonly loader: 'torchvision' | 'timm';
  readonly name: string;
  /** Keyword arguments of the counterpart. */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  /** Side of the image; small, so that the comparison is quick. */
  readonly size?: number;
}

const torchvision = (name: string, options: Counterpart['options'] = {}): Counterpart => ({
  loader: 'torchvision',
  name,
  options,
});

const timm = (name: string, options: Counterpart['options'] = {}): Counterpart => ({
  loader: 'timm',
  name,
  options,
});

/** By network, as written on the command line. */
export const COUNTERPARTS: Readonly<Record<string, Counterpart>> = {
  'mobilenet-v1': timm('mobilenetv1_100'),
  'mobilenet-v2': torchvision('mobilenet_v2'),
  'mobilenet-v2(width=0.35)': timm('mobilenetv2_035'),
  'mobilenet-v3-large': torchvision('mobilenet_v3_large'),
  'mobilenet-v3-large(width=0.75)': timm('mobilenetv3_large_075', { bn_eps: 1e-3 }),
  'mobilenet-v3-large(width=0.5,scaling=torchvision)': torchvision('mobilenet_v3_large', { width_mult: 0.5 }),
  'mobilenet-v3-small': torchvision('mobilenet_v3_small'),
  'mobilenet-v4-conv-small': timm('mobilenetv4_conv_small'),
  'mobilenet-v4-conv-small(width=0.5)': timm('mobilenetv4_conv_small_050'),
  'shufflenet-v2': torchvision('shufflenet_v2_x1_0'),
  'shufflenet-v2(width=0.5)': torchvision('shufflenet_v2_x0_5'),
  'efficientnet-b0': torchvision('efficientnet_b0'),
  'efficientnet-b1': torchvision('efficientnet_b1'),
  'efficientnet-lite0': timm('efficientnet_lite0'),
  'mnasnet-a1': timm('semnasnet_100'),
  'mnasnet-b1': timm('mnasnet_100'),
  'repvgg-a0': timm('repvgg_a0'),
  'mobileone-s0': timm('mobileone_s0'),
  'mobileone-s1': timm('mobileone_s1'),
  'mobileone-s2': timm('mobileone_s2'),
  ghostnet: timm('ghostnet_100'),
  'ghostnet(width=0.5)': timm('ghostnet_050'),
  repghostnet: timm('repghostnet_100'),
  'repghostnet(width=0.58)': timm('repghostnet_058'),
  'fasternet-t0': timm('fasternet_t0'),
  'fasternet-t1': timm('fasternet_t1'),
  'fasternet-t2': timm('fasternet_t2'),
  'starnet-s1': timm('starnet_s1'),
  'starnet-s2': timm('starnet_s2'),
  'starnet-s3': timm('starnet_s3'),
  // At 64 pixels its products amplify rounding: timm's own float32 and float64 logits differ by more than the tolerance.
  'starnet-s4': { ...timm('starnet_s4'), size: 128 },
  'pp-lcnet': timm('lcnet_100'),
  'pp-lcnet(width=0.35)': timm('lcnet_035'),
};

/** Other sizes of the families, whose costs are compared. At widths that neither library names, reference-costs.tsv has them. */
export const SIZES: Readonly<Record<string, Counterpart>> = {
  'mobilenet-v1(width=1.25)': timm('mobilenetv1_125'),
  'mobilenet-v2(width=0.3)': torchvision('mobilenet_v2', { width_mult: 0.3 }),
  'mobilenet-v2(width=0.65)': torchvision('mobilenet_v2', { width_mult: 0.65 }),
  'mobilenet-v2(width=1.15)': torchvision('mobilenet_v2', { width_mult: 1.15 }),
  'mobilenet-v2(width=1.4)': timm('mobilenetv2_140'),
  'mobilenet-v3-small(width=0.5)': timm('mobilenetv3_small_050'),
  'mobilenet-v3-small(width=0.75)': timm('mobilenetv3_small_075'),
  'mobilenet-v3-small(width=0.6,scaling=torchvision)': torchvision('mobilenet_v3_small', { width_mult: 0.6 }),
  'mobilenet-v3-large(width=1.3,scaling=torchvision)': torchvision('mobilenet_v3_large', { width_mult: 1.3 }),
  'mobilenet-v4-conv-small(width=0.35)': timm('mobilenetv4_conv_small_035'),
  'mnasnet-a1(width=0.5)': timm('semnasnet_050'),
  'mnasnet-a1(width=1.4)': timm('semnasnet_140'),
  'mnasnet-b1(width=0.75)': torchvision('mnasnet0_75'),
  'mnasnet-b1(width=1.3)': torchvision('mnasnet1_3'),
  'shufflenet-v2(width=1.5)': torchvision('shufflenet_v2_x1_5'),
  'shufflenet-v2(width=2)': torchvision('shufflenet_v2_x2_0'),
  'efficientnet-b0(width=1.1,depth=1.2)': torchvision('efficientnet_b2'),
  'efficientnet-b0(width=1.2,depth=1.4)': timm('efficientnet_b3'),
  'efficientnet-lite0(depth=1.1)': timm('efficientnet_lite1'),
  'efficientnet-lite0(width=1.2,depth=1.4)': timm('efficientnet_lite3'),
  'ghostnet(width=1.3)': timm('ghostnet_130'),
  'repghostnet(width=0.8)': timm('repghostnet_080'),
  'repghostnet(width=1.11)': timm('repghostnet_111'),
  'repghostnet(width=1.3)': timm('repghostnet_130'),
  'pp-lcnet(width=0.75)': timm('lcnet_075'),
  'pp-lcnet(width=1.5)': timm('lcnet_150'),
};

/** Networks that neither library has. */
export const WITHOUT_COUNTERPART: Readonly<Record<string, string>> = {
  lightnet: 'the skeleton of the paper',
  falconnet: 'the network of the paper',
  mobilenext: 'in the authors’ code only',
  'shufflenet-v1': 'in other libraries only',
  'igcv3-d': 'in the authors’ code only',
  'channelnet-v1': 'in the authors’ code only',
  'channelnet-v2': 'in no code at all',
  'channelnet-v3': 'in no code at all',
};
