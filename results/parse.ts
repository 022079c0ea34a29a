import type { z } from 'zod';
import { UserError } from '../harness/user/user-error.js';
import { SCHEMA_VERSION } from './plan/plan.js';

/**
 * JSON text from disk as a typed value.
 * @param where names the file, and the line where there are several, for example `runs/a/journal.jsonl, line 3`.
 * @throws UserError where the text is no JSON, was written in another schema version, or does not match the schema.
 */
export const parseRecord = <S extends z.ZodType>(
  schema: S,
  text: string,
  where: string,
  remedy: string,
): z.infer<S> => checkRecord(schema, parseJson(text, where, remedy), where, remedy);

/** The same of a value that was JSON text. */
export const checkRecord = <S extends z.ZodType>(
  schema: S,
  value: unknown,
  where: string,
  remedy: string,
): z.infer<S> => {
  requireVersion(value, where);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new UserError(`${where}: ${describeIssues(parsed.error)}`, remedy);
  return parsed.data;
};

/** @throws UserError where the record says that it is of another schema version. */
export const requireVersion = (value: unknown, where: string): void => {
  const version = versionOf(value);
  if (version === undefined || version === SCHEMA_VERSION) return;
  throw new UserError(
    `${where}: it has schema version ${JSON.stringify(version)}; this lightbench reads version ${SCHEMA_VERSION}.`,
    'Use the lightbench version that wrote it, or have this one write it anew.',
  );
};

/** One line: every violated expectation with its place in the value. */
export const describeIssues = (error: z.ZodError): string =>
  error.issues
    .map((issue) => `${issue.path.length === 0 ? '' : `${issue.path.join('.')}: `}${issue.message}`)
    .join('; ');

/** @throws UserError where the text is no JSON. */
export const parseJson = (text: string, where: string, remedy: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${where}: not JSON (${error instanceof Error ? error.message : error}).`, remedy);
  }
};

const versionOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
