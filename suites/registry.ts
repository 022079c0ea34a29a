/** The suites that come with the package: one line a suite. */
import { reparamPerChannel, reparamPerTensor } from './int8/reparam.js';
import { channel } from './paper/channel.js';
import { falconnet } from './paper/falconnet.js';
import { lightnet } from './paper/lightnet.js';
import { metaBlock } from './paper/meta-block.js';
import { reduction } from './paper/reduction.js';
import { repso } from './paper/repso.js';
import { quick } from './quick.js';
import type { ScaledSuite, SuiteSpec } from './suite.js';

export const SUITES: readonly (SuiteSpec | ScaledSuite)[] = [
  quick, //
  lightnet,
  metaBlock,
  repso,
  channel,
  reduction,
  falconnet,
  reparamPerChannel,
  reparamPerTensor,
];
