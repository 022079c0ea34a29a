/** `profile.json` of a run: where the time of every candidate goes. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fileError, systemCode } from '../../harness/files/system-error.js';
import { UserError } from '../../harness/user/user-error.js';
import { requireSealed, sealed, withoutSeal } from '../journal/checksum.js';
import { checkRecord, parseJson } from '../parse.js';
import { SCHEMA_VERSION } from '../plan/plan.js';
import { profileFields } from './profile.js';

export const PROFILE_FILE = 'profile.json';

export const profileSchema = z.strictObject({
  schema: z.literal(SCHEMA_VERSION),
  /** Of the run. */
  planKey: z.string(),
  at: z.iso.datetime(),
  ...profileFields,
});

export type ProfileRecord = z.infer<typeof profileSchema>;

const REMEDY = 'Run lightbench profile again for this run.';

export const printProfileRecord = (profile: ProfileRecord): string =>
  `${JSON.stringify(sealed(profile), null, 1)}\n`;

/** Null where there is no such file. Throws UserError where it is damaged, or of another run. */
export const readProfile = async (file: string, planKey: string): Promise<ProfileRecord | null> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw fileError(error, { path: file, use: 'read' });
  });
  if (text === null) return null;
  const written = parseJson(text, file, REMEDY);
  const profile = checkRecord(profileSchema, withoutSeal(written), file, REMEDY);
  requireSealed(written, file, { must: true, remedy: REMEDY });
  if (profile.planKey === planKey) return profile;
  throw new UserError(
    `${file} belongs to another run: its plan key is ${profile.planKey}, not ${planKey}.`,
    REMEDY,
  );
};
