/** Graphs of chosen parts: a network, or an operator or a block alone. */
import { GraphBuilder } from '../harness/graph/build/builder.js';
import type { Graph } from '../harness/graph/graph.js';
import type { MapShape } from '../harness/graph/shape.js';
import { UserError } from '../harness/user/user-error.js';
import { asChoice } from './choice.js';
import { definitionOf, instantiate, KIND_NAMES } from './lookup.js';
import type { BlockSite, NetworkSite, OptionValue } from './part.js';

/**
 * The network in its training form.
 * @example buildNetwork('lightnet(preset=small,block=sandglass)', { input: [1, 32, 32], classes: 10 })
 */
export const buildNetwork = (choice: OptionValue, site: NetworkSite): Graph =>
  instantiate('network', choice)(site);

/**
 * An operator or a block on an input of its own, in its training form. By default it keeps the channels at stride 1, and
 * a block has ReLU. Throws UserError where the site asks an operator for what its kind does not do.
 * @example buildAlone('sf(reduction=4)', [64, 28, 28], { outChannels: 256 })
 */
export const buildAlone = (choice: OptionValue, input: MapShape, site: Partial<BlockSite> = {}): Graph => {
  const { kind, id } = definitionOf(asChoice(choice));
  if (kind === 'network')
    throw new UserError(`${id} is a network, but an operator or a block is expected.`, 'Use buildNetwork.');
  const full: BlockSite = { outChannels: input[0], stride: 1, activation: 'relu', ...site };
  if (kind === 'spatial' && full.outChannels !== input[0]) {
    throw new UserError(
      `${id} is a ${KIND_NAMES[kind]}: it keeps its ${input[0]} input channels and cannot give ${full.outChannels}.`,
      'Leave outChannels out.',
    );
  }
  if (kind === 'channel' && full.stride !== 1) {
    throw new UserError(`${id} is a ${KIND_NAMES[kind]}: it has no stride.`, 'Leave stride out.');
  }
  const part = instantiate(kind, choice);
  const g = GraphBuilder.create();
  return g.finish(part(g, g.input(input), full));
};
