import { convBn, convBnAct, defineBlock, z } from 'lightbench';

/** Expand, any spatial operator, project twice in parallel: two branches while it trains, one convolution at inference. */
export default defineBlock({
  id: 'my-block',
  summary: 'Inverted bottleneck with two parallel projections.',
  paper: 'none',
  options: z.strictObject({
    expansion: z.number().min(0.5).max(8).default(3).describe('Hidden width over input width.'),
  }),
  slots: { spatial: { kind: 'spatial', default: 'depthwise', summary: 'Mixes the pixels.' } },
  build: (g, x, { outChannels, stride, activation }, { expansion }, { spatial }) => {
    const hidden = Math.round(expansion * x.shape[0]);
    const wide = convBnAct(g.scope('expand'), x, { outChannels: hidden, kernel: 1 }, activation);
    const mixed = g.activation('act', spatial(g.scope('spatial'), wide, { stride }), activation);
    const project = (name: string) => convBn(g.scope(name), mixed, { outChannels, kernel: 1 });
    const y = g.add('project', project('project1'), project('project2'));
    return stride === 1 && x.shape[0] === outChannels ? g.add('shortcut', x, y) : y;
  },
});
