/** Networks that speed is compared on. */
import { buildNetwork } from '../blocks/build.js';
import { convBn, convBnAct } from '../blocks/conv-bn.js';
import { GraphBuilder } from '../harness/graph/build/builder.js';
import type { Graph } from '../harness/graph/graph.js';
import type { Mode } from './contender.js';

export interface BenchmarkNetwork {
  readonly name: string;
  /** In training; inference is of one image. */
  readonly batch: number;
  readonly modes: readonly Mode[];
  readonly graph: () => Graph;
}

/** 86,682 parameters at 28x28: stem 16, inverted residuals with expansion 4 at widths 16, 32, 64 and depths 1, 1, 2. */
const smallNetwork = (): Graph => {
  const g = GraphBuilder.create();
  const widths = [16, 32, 64];
  const depths = [1, 1, 2];
  let x = convBnAct(g.scope('stem'), g.input([1, 28, 28]), { outChannels: 16, kernel: 3 }, 'relu');
  for (const [stage, width] of widths.entries()) {
    const groups = x.shape[0];
    if (stage > 0) {
      x = convBn(g.scope(`subsample${stage}`), x, {
        outChannels: width,
        kernel: 2,
        stride: 2,
        padding: 0,
        groups,
      });
    }
    for (let block = 0; block < (depths[stage] ?? 0); block += 1) {
      const scope = g.scope(`stage${stage}.block${block}`);
      const hidden = 4 * width;
      const wide = convBnAct(scope.scope('expand'), x, { outChannels: hidden, kernel: 1 }, 'relu');
      const mixed = convBnAct(
        scope.scope('depthwise'),
        wide,
        { outChannels: hidden, kernel: 3, groups: hidden },
        'relu',
      );
      const narrow = convBn(scope.scope('project'), mixed, { outChannels: width, kernel: 1 });
      x = scope.add('add', x, narrow);
    }
  }
  return g.finish(g.dense('classifier', g.flatten('flatten', g.globalAvgPool('pool', x)), 10));
};

const at = (choice: string, size: number, channels: number, classes: number) => () =>
  buildNetwork(choice, { input: [channels, size, size], classes });

const BOTH = ['training', 'inference'] as const;

export const BENCHMARK_NETWORKS: readonly BenchmarkNetwork[] = [
  { name: 'small network, 28 px', batch: 64, modes: BOTH, graph: smallNetwork },
  {
    name: 'LightNet small, inverted residual, 32 px',
    batch: 64,
    modes: BOTH,
    graph: at('lightnet(preset=small,block=inverted-residual)', 32, 1, 10),
  },
  {
    name: 'LightNet, inverted residual, 32 px',
    batch: 64,
    modes: BOTH,
    graph: at('lightnet(stemStrides=[1,2],block=inverted-residual)', 32, 3, 10),
  },
  {
    name: 'LightNet small, RepSO, 32 px',
    batch: 64,
    modes: BOTH,
    graph: at('lightnet(preset=small,block=meta-light(spatial=repso))', 32, 1, 10),
  },
  { name: 'FalconNet, 32 px', batch: 64, modes: BOTH, graph: at('falconnet(stemStrides=[1,2])', 32, 3, 10) },
  { name: 'MobileNetV2, 96 px', batch: 32, modes: BOTH, graph: at('mobilenet-v2', 96, 3, 1000) },
  { name: 'MobileNetV2, 224 px', batch: 32, modes: ['inference'], graph: at('mobilenet-v2', 224, 3, 1000) },
];

const SKELETON = 'preset=small,stemWidth=16,widths=[16,32,64,128],headWidth=256';

const metaLight = (operator: string, expansion: number): string =>
  `lightnet(block=meta-light(expand=${operator},project=${operator},expansion=${expansion}),${SKELETON})`;

/** The channel operators of the suite `paper/channel`, and FalconNet, each with as many parameters as the dense one, about 90,000. */
const CHANNEL_OPERATORS: Readonly<Record<string, string>> = {
  dense: metaLight('pointwise', 0.8125),
  grouped: metaLight('grouped(groups=4)', 2.75),
  'shuffled groups': metaLight('shuffled(groups=4)', 2.75),
  'low rank': metaLight('low-rank', 1.9375),
  IGC: metaLight('igc', 5.25),
  'SF Conv': metaLight('sf', 4.625),
  RefCO: metaLight('refco', 4.625),
  FalconNet: `falconnet(expansion=4.625,${SKELETON})`,
  'channel-wise': metaLight('channelwise', 7.125),
};

/** The first is what the others are compared with. */
export const OPERATOR_NETWORKS: readonly BenchmarkNetwork[] = Object.entries(CHANNEL_OPERATORS).map(
  ([name, choice]) => ({ name, batch: 64, modes: ['training'], graph: at(choice, 32, 1, 10) }),
);

/** Throws RangeError where there is none of that name. */
export const benchmarkNetwork = (name: string): BenchmarkNetwork => {
  const network = [...BENCHMARK_NETWORKS, ...OPERATOR_NETWORKS].find((candidate) => candidate.name === name);
  if (network === undefined) throw new RangeError(`There is no benchmark network ${name}.`);
  return network;
};
