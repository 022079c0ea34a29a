/** Where the suite of a run comes from. Files are code: a folder from elsewhere must not decide what is executed here. */
import { isAbsolute, relative, resolve } from 'node:path';
import type { Plan } from '../../../../results/plan/plan.js';
import { UserError } from '../../../user/user-error.js';

/** The parts of `quick`, `paper/channel@imagenet` or `my-suite.ts@small`. */
export const splitSource = (source: string): { readonly name: string; readonly scale: string | null } => {
  const [, name = source, scale = null] = /^(.*?)(?:@([a-z]+))?$/s.exec(source) ?? [];
  return { name, scale };
};

/**
 * Throws UserError where `source`, which `folder` holds, is a file outside the working folder: it would be executed, and nobody named it
 * here. Built-in suites are no files.
 */
export const requireOwnSource = (source: string, folder: string): void => {
  const { name } = splitSource(source);
  if (!isAbsolute(name)) return;
  const path = relative(process.cwd(), name);
  if (!/^\.\.([/\\]|$)/.test(path) && !isAbsolute(path)) return;
  throw new UserError(
    `Loading ${folder} would execute the suite file ${name}, which lies outside the working folder.`,
    'If you trust that file, name it as well, or work in a folder that contains it.',
  );
};

/**
 * Throws UserError where a suite was named and the folder holds a run of another, and where none was and the folder would execute a
 * file from elsewhere.
 */
export const requireSuite = (
  { suite, source }: Pick<Plan, 'suite' | 'source'>,
  directory: string,
  named: string | undefined,
): void => {
  if (named === undefined) {
    requireOwnSource(source, directory);
    return;
  }
  const held = splitSource(source);
  const asked = splitSource(named);
  const isSame = [asked.name, resolve(asked.name)].includes(held.name) || asked.name === suite;
  if (isSame && (asked.scale === null || asked.scale === held.scale)) return;
  throw new UserError(
    `${directory} holds a run of ${source}, not of ${named}.`,
    `Resume it without naming a suite, or run ${named} in another folder.`,
  );
};
