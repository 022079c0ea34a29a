import { convBn, defineSpatialOperator, z } from 'lightbench';

export default defineSpatialOperator({
  id: 'cross',
  summary: 'A row and a column, summed; one depthwise convolution at inference.',
  paper: 'none',
  options: z.strictObject({
    kernel: z.int().min(1).max(31).default(3).describe('Length of both.'),
  }),
  build: (g, x, { stride }, { kernel }) => {
    const branch = (name: string, size: readonly [number, number]) =>
      convBn(g.scope(name), x, { outChannels: x.shape[0], kernel: size, stride, groups: x.shape[0] });
    return g.add('sum', branch('row', [1, kernel]), branch('column', [kernel, 1]));
  },
});
