/** Where the costs of a network are: what FalconNet's Fig. 1 (arXiv:2306.06365) shows. */
import type { Cost } from '../../harness/cost/cost.js';

export interface CostShares {
  /** 1x1 convolutions, grouped ones included. */
  readonly pointwise: number;
  readonly depthwise: number;
  /** Other convolutions, dense layers and whatever else has parameters. */
  readonly other: number;
}

/** Shares of one; they sum to 1. */
export const costShares = ({ byKind, ...totals }: Cost, metric: 'params' | 'macs'): CostShares => {
  const share = (count: number) => count / totals[metric];
  const { pointwise, depthwise } = byKind;
  return {
    pointwise: share(pointwise[metric]),
    depthwise: share(depthwise[metric]),
    other: share(totals[metric] - pointwise[metric] - depthwise[metric]),
  };
};
