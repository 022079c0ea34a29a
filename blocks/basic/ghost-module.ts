import type { GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import type { ActivationFunction } from '../../harness/graph/operations/ops.js';
import { convBn } from '../conv-bn.js';

/** Makes `outChannels` features of x; without an activation it is linear. */
export type FeatureModule = (
  g: GraphBuilder,
  x: Value,
  site: { readonly outChannels: number; readonly activation?: ActivationFunction },
) => Value;

export interface GhostModule {
  /** One feature in so many is convolved from all inputs. */
  readonly ratio: number;
  /** Kernel of the depthwise convolution that makes the others from those. */
  readonly cheapKernel: number;
}

/**
 * The ghost module (Han et al. 2020, arXiv:1911.11907): a 1x1 convolution, and a depthwise one on its result, side by side. What
 * exceeds `outChannels` is cut off.
 */
export const ghostModule =
  ({ ratio, cheapKernel }: GhostModule): FeatureModule =>
  (g, x, { outChannels, activation }) => {
    const intrinsic = Math.ceil(outChannels / ratio);
    const activated = (scope: GraphBuilder, y: Value): Value =>
      activation === undefined ? y : scope.activation('act', y, activation);
    const primary = g.scope('primary');
    const first = activated(primary, convBn(primary, x, { outChannels: intrinsic, kernel: 1 }));
    if (ratio === 1) return first;
    const cheap = g.scope('cheap');
    const depthwise = { outChannels: intrinsic * (ratio - 1), kernel: cheapKernel, groups: intrinsic };
    const all = g.concat('concat', first, activated(cheap, convBn(cheap, first, depthwise)));
    return all.shape[0] === outChannels ? all : g.slice('cut', all, 0, outChannels);
  };
