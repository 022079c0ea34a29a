import { z } from 'zod';
import { expansionOption } from '../basic/hidden-width.js';
import { metaLightBlock, metaLightSlots } from '../basic/meta-light.js';
import { defineNetwork } from '../define.js';
import { lightNet, lightnetOptions } from './lightnet.js';

export const falconnet = defineNetwork({
  id: 'falconnet',
  summary:
    'LightNet with the Meta Light Block, RepSO as its spatial operator and RefCO as its channel operators.',
  paper: 'FalconNet, arXiv:2306.06365',
  mergeable: true,
  options: z.strictObject({ ...lightnetOptions, expansion: expansionOption(4) }),
  slots: metaLightSlots('repso', 'refco'),
  build: (site, { expansion, ...skeleton }, parts) =>
    lightNet(site, skeleton, metaLightBlock('falconnet', { ...parts, expansion })),
});
