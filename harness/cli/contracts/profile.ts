/** The JSON of `profile`. */
import { z } from 'zod';
import { profileFields } from '../../../results/profile/profile.js';

export const profileContract = z.strictObject({
  run: z.string().nullable().describe('the folder of the run; null where parts are named'),
  file: z.string().nullable().describe('what was written: the profile of the run, or a figure'),
  ...profileFields,
});
