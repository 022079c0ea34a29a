import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';
import { defineSpatialOperator } from '../define.js';
import type { SpatialPart } from '../part.js';

/** Adds nothing. Throws UserError at a stride, which would need an operation. */
export const keepPixels: SpatialPart = (_g, x, { stride }) => {
  if (stride === 1) return x;
  throw new UserError(
    `identity cannot take stride ${stride}.`,
    'Use a spatial operator that can, such as depthwise, or stride 1.',
  );
};

export const identity = defineSpatialOperator({
  id: 'identity',
  summary: 'No spatial operator: the input passes through unchanged.',
  paper: 'FalconNet, arXiv:2306.06365',
  options: z.strictObject({}),
  build: (g, x, site) => keepPixels(g, x, site),
});
