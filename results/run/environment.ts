import { z } from 'zod';
import { requireSealed, withoutSeal } from '../journal/checksum.js';
import { warningSchema } from '../measurement/warning.js';
import { checkRecord, parseJson } from '../parse.js';

/** `env.json`: the machine and the software of a run. */
export const environmentSchema = z.strictObject({
  lightbench: z.string(),
  /** Hash of the code that makes the numbers; of runs of earlier versions it is not known. */
  code: z.string().exactOptional(),
  /** Commit of the working directory where it is a git checkout. */
  commit: z.string().nullable(),
  /** Whether files of it were changed and not committed. */
  uncommitted: z.literal(true).exactOptional(),
  node: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.int(),
  memoryBytes: z.int(),
  governor: z.string().nullable(),
  loadAverage: z.tuple([z.number(), z.number(), z.number()]),
  engines: z.record(z.string(), z.string()),
  startedAt: z.iso.datetime(),
  warnings: z.array(warningSchema),
});

/**
 * `env.json`: the machine and the versions that a run was made with.
 * @interface
 */
export type Environment = z.infer<typeof environmentSchema>;

const REMEDY = 'Only lightbench writes this file: restore it from a copy, or run the suite again.';

/**
 * @param where names the file that holds the text.
 * @param must whether there must be a checksum, as in every run whose journal has them.
 * @throws UserError where it is no environment, or was changed.
 */
export const readEnvironment = (
  text: string,
  where: string,
  { must }: { readonly must: boolean },
): Environment => {
  const written = parseJson(text, where, REMEDY);
  const environment = checkRecord(environmentSchema, withoutSeal(written), where, REMEDY);
  requireSealed(written, where, { must, remedy: REMEDY });
  return environment;
};
