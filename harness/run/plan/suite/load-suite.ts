import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SUITES } from '../../../../suites/registry.js';
import { SCALES, type Scale, type ScaledSuite, type SuiteSpec } from '../../../../suites/suite.js';
import { parseClaim } from '../../../analysis/claims.js';
import { isInt8Metric } from '../../../analysis/metrics.js';
import { didYouMean } from '../../../user/did-you-mean.js';
import { UserError } from '../../../user/user-error.js';
import { importDefault, readingExport } from './import-default.js';
import { withPartFiles } from './part-files.js';
import { splitSource } from './source.js';
import { checkSuite, type PlaceOf, type Suite } from './suite-schema.js';

export interface LoadedSuite {
  readonly suite: Suite;
  /** What loads the suite again in another process: `id`, `id@scale`, or an absolute path, with or without `@scale`. */
  readonly source: string;
  /** The same question at the scale of 224 pixels, where the suite has one: its costs are shown beside. */
  readonly imagenet: Suite | null;
}

/**
 * A built-in suite by its id, a YAML or JSON file, or the default export of a TypeScript or JavaScript file; `@small` or `@imagenet` after it chooses the
 * scale of a suite that has several, `small` by default. Throws UserError where there is none, it is malformed, or a claim of it is.
 */
export const loadSuite = async (source: string): Promise<LoadedSuite> => {
  const { name, scale } = splitSource(source);
  const found = await findSuite(name);
  const { at } = found;
  if (at === null) {
    if (scale !== null) {
      throw new UserError(`The suite ${name} has no scales.`, `Omit @${scale}.`);
    }
    return { suite: await checked(found.suite, found), source: found.source, imagenet: null };
  }
  const chosen = toScale(scale ?? 'small');
  return {
    suite: await checked(at(chosen), found),
    source: `${found.source}@${chosen}`,
    imagenet: await checked(at('imagenet'), found),
  };
};

const checked = async ({ spec, placeOf }: AtScale, { where, folder }: Found): Promise<Suite> => {
  const suite = readingExport(where, () => checkSuite(spec, where, placeOf));
  const names = suite.candidates.map(({ name }) => name);
  for (const text of suite.claims) {
    const { metric } = parseClaim(text, names);
    if (suite.int8 === undefined && isInt8Metric(metric)) {
      throw new UserError(
        `${where} tests nothing in int8, which the claim "${text}" is about.`,
        "Add int8: { calibration: 'min-max' } to the suite, or leave out the claim.",
      );
    }
  }
  return withPartFiles(located(suite, folder), folder);
};

/** With the paths of its files as they are, wherever the suite is loaded from. */
const located = (suite: Suite, folder: string): Suite => ({
  ...suite,
  data: {
    ...suite.data,
    ...(suite.data.path === undefined ? {} : { path: resolve(folder, suite.data.path) }),
  },
  candidates: suite.candidates.map((candidate) =>
    candidate.init === undefined ? candidate : { ...candidate, init: resolve(folder, candidate.init) },
  ),
});

/** As it was written; where its fields stand is known of text alone. */
interface AtScale {
  readonly spec: unknown;
  readonly placeOf?: PlaceOf;
}

interface Found {
  readonly suite: AtScale;
  /** The suite at each scale; null where it has one alone. */
  readonly at: ((scale: Scale) => AtScale) | null;
  readonly source: string;
  readonly where: string;
  /** What the names of files in it are relative to. */
  readonly folder: string;
}

const findSuite = async (name: string): Promise<Found> => {
  const builtIn: SuiteSpec | ScaledSuite | undefined = SUITES.find(({ id }) => id === name);
  if (builtIn) {
    const where = `The suite ${name}`;
    return { ...programmed(builtIn, where), source: name, where, folder: '.' };
  }
  const file = resolve(name);
  if (!existsSync(file)) {
    throw new UserError(
      `Unknown suite "${name}", and no file has that name.`,
      didYouMean(
        name,
        SUITES.map(({ id }) => id),
        `Built-in suites: ${SUITES.map(({ id }) => id).join(', ')}. For a suite of your own, name its file: my-suite.yaml or my-suite.ts.`,
      ),
    );
  }
  const folder = dirname(file);
  if (SUITE_TEXT.test(file)) {
    const { readSuiteText } = await import('./suite-text.js');
    const { scaledText } = await import('./scaled-text.js');
    const suite = await readSuiteText(file);
    return { suite, at: scaledText(suite, file), source: file, where: file, folder };
  }
  return { ...programmed(await importDefault(file), file), source: file, where: file, folder };
};

const programmed = (spec: unknown, where: string): Pick<Found, 'suite' | 'at'> => ({
  suite: { spec },
  at: isScaled(spec) ? (scale) => ({ spec: readingExport(where, () => spec.at(scale)) }) : null,
});

/** Data, not programs. */
const SUITE_TEXT = /\.(ya?ml|json)$/i;

const isScaled = (suite: unknown): suite is ScaledSuite =>
  typeof suite === 'object' && suite !== null && 'at' in suite && typeof suite.at === 'function';

const toScale = (text: string): Scale => {
  const scale = SCALES.find((one) => one === text);
  if (scale) return scale;
  throw new UserError(`Unknown scale "${text}".`, `Known scales: ${SCALES.join(', ')}.`);
};
