/** Where the blocks of a skeleton stand. */
import { z } from 'zod';
import { buildNetwork } from '../../../blocks/build.js';
import { defineBlock } from '../../../blocks/define.js';
import type { NetworkSite, OptionValue } from '../../../blocks/part.js';
import { withOptions } from '../../../blocks/subject.js';
import type { Place } from './block-folder.js';

/** Every place of the skeleton, each once. Throws UserError where it takes no block or an option is wrong. */
export const placesOf = (
  skeleton: OptionValue,
  set: Readonly<Record<string, OptionValue>>,
  site: NetworkSite,
): readonly Place[] => {
  const places = new Map<string, Place>();
  const surveyor = defineBlock({
    id: 'surveyor',
    summary: 'Notes where it stands.',
    paper: 'none',
    options: z.strictObject({}),
    build: (g, x, { outChannels, stride }) => {
      const place: Place = { input: x.shape, outChannels, stride };
      places.set(JSON.stringify(place), place);
      return g.conv2d('conv', x, { outChannels, kernel: 1, stride, padding: 0 });
    },
  });
  buildNetwork(withOptions(skeleton, { ...set, block: surveyor }), site);
  return [...places.values()];
};
