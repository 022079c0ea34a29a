import { z } from 'zod';
import type { Conv2dOptions, GraphBuilder, Value } from '../../harness/graph/build/builder.js';
import { convBn, sumBranches } from '../conv-bn.js';
import { defineChannelOperator } from '../define.js';
import { countOrAuto } from '../options.js';
import { SF_ADMITS, SF_FORMULA, sfOptions } from './sf.js';
import { planSf } from './sf-plan.js';

/**
 * RefCO (FalconNet, arXiv:2306.06365): SF Conv whose two convs are each a sum of parallel branches in training, every branch
 * with its own batch norm, and merge into one SF Conv. The paper has C / K branches of the first; K / R of the second is our
 * reading.
 */
export const refco = defineChannelOperator({
  id: 'refco',
  summary:
    'Re-parameterised factorised channel operator: parallel first and parallel second convolutions of SF Conv, summed; one SF Conv at inference.',
  paper: 'FalconNet, arXiv:2306.06365',
  admits: SF_ADMITS,
  formula: { ...SF_FORMULA, train: { params: '2.5 C² + C² / K + 4 C K', macs: '2.5 C² P' } },
  mergeable: true,
  options: z.strictObject({
    ...sfOptions,
    firstBranches: countOrAuto().describe('Parallel first convolutions; auto is C / K.'),
    secondBranches: countOrAuto().describe('Parallel second convolutions; auto is K / R.'),
  }),
  build: (g, x, { outChannels }, { reduction, kernel, interleave, firstBranches, secondBranches }) => {
    const plan = planSf('refco', { inChannels: x.shape[0], outChannels, reduction }, kernel);
    const positionMajor = parallel(
      g.scope('first'),
      x,
      firstBranches === 'auto' ? plan.positions : firstBranches,
      {
        outChannels: plan.hiddenChannels,
        kernel: 1,
        groups: plan.positions,
      },
    );
    const hiddenMajor = g.permuteChannels('permute', positionMajor, plan.positions);
    const y = parallel(
      g.scope('second'),
      hiddenMajor,
      secondBranches === 'auto' ? plan.hiddenPerPosition : secondBranches,
      { outChannels, kernel: 1, groups: plan.hiddenPerPosition },
    );
    return interleave ? g.permuteChannels('interleave', y, plan.hiddenPerPosition) : y;
  },
});

const parallel = (g: GraphBuilder, x: Value, branches: number, options: Conv2dOptions): Value =>
  sumBranches(g, [
    convBn(g.scope(0), x, options),
    ...Array.from({ length: branches - 1 }, (_, i) => convBn(g.scope(i + 1), x, options)),
  ]);
