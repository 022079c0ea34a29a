import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SUITES } from '../../suites/registry.js';
import { SCALES, type Scale, type ScaledSuite, type SuiteSpec } from '../../suites/suite.js';
import { parseClaim } from '../analysis/claims.js';
import { UserError } from '../user-error.js';
import { importDefault } from './import-default.js';
import { checkSuite, type Suite } from './suite-schema.js';

export interface LoadedSuite {
  readonly suite: Suite;
  /** What loads the suite again in another process: `id`, `id@scale`, or an absolute path, with or without `@scale`. */
  readonly source: string;
  /** The same question at the scale of 224 pixels, where the suite has one: its costs are shown beside. */
  readonly imagenet: Suite | null;
}

/**
 * A built-in suite by its id, or the default export of a TypeScript or JavaScript file; `@small` or `@imagenet` after it chooses the
 * scale of a suite that has several, `small` by default. Throws UserError where there is none, it is malformed, or a claim of it is.
 */
export const loadSuite = async (source: string): Promise<LoadedSuite> => {
  const [, name = source, scale] = /^(.*?)(?:@([a-z]+))?$/.exec(source) ?? [];
  const found = await findSuite(name);
  if (!isScaled(found.suite)) {
    if (scale !== undefined) {
      throw new UserError(`The suite ${name} has no scales.`, `Name it without @${scale}.`);
    }
    return { suite: checked(found.suite, found.where), source: found.source, imagenet: null };
  }
  const { at } = found.suite;
  const chosen = toScale(scale ?? 'small');
  return {
    suite: checked(at(chosen), found.where),
    source: `${found.source}@${chosen}`,
    imagenet: checked(at('imagenet'), found.where),
  };
};

const checked = (spec: unknown, where: string): Suite => {
  const suite = checkSuite(spec, where);
  const names = suite.candidates.map(({ name }) => name);
  for (const claim of suite.claims) parseClaim(claim, names);
  return suite;
};

interface Found {
  readonly suite: unknown;
  readonly source: string;
  readonly where: string;
}

const findSuite = async (name: string): Promise<Found> => {
  const builtIn: SuiteSpec | ScaledSuite | undefined = SUITES.find(({ id }) => id === name);
  if (builtIn) return { suite: builtIn, source: name, where: `The suite ${name}` };
  const file = resolve(name);
  if (!existsSync(file)) {
    throw new UserError(
      `There is no suite "${name}", and no file of that name.`,
      `Built-in suites: ${SUITES.map(({ id }) => id).join(', ')}. A suite of your own is named by its file: my-suite.ts.`,
    );
  }
  return { suite: await importDefault(file), source: file, where: file };
};

const isScaled = (suite: unknown): suite is ScaledSuite =>
  typeof suite === 'object' && suite !== null && 'at' in suite && typeof suite.at === 'function';

const toScale = (text: string): Scale => {
  const scale = SCALES.find((one) => one === text);
  if (scale) return scale;
  throw new UserError(`There is no scale ${text}.`, `Scales are ${SCALES.join(' and ')}.`);
};
