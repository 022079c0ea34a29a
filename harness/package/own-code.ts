/** Which lightbench this is: its version, and the very code, for every commit between two releases calls itself by one version. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageRoot } from './package-root.js';

export const ownVersion = (): string =>
  JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;

/** What makes the numbers of a training, from harness on. Costs, plans, reports and the command line do not. */
const MAKES_NUMBERS = [
  'graph',
  'recipe',
  'data',
  'engines',
  'rewrite',
  'quantise',
  'train',
  'random',
  'measure/kernel-magnitudes',
];

let known: string | null = null;

/** 16 digits of the SHA-256 of the code that makes the numbers. The sources and what is compiled of them differ. */
export const ownCode = (): string => {
  known ??= codeHere();
  return known;
};

const codeHere = (): string => {
  const harness = fileURLToPath(new URL('..', import.meta.url));
  const extension = extname(fileURLToPath(import.meta.url));
  const digest = createHash('sha256');
  const add = (root: string, files: readonly string[]): void => {
    for (const file of files.toSorted()) digest.update(`${file}\n`).update(readFileSync(join(root, file)));
  };
  add(
    harness,
    MAKES_NUMBERS.flatMap((name) => modulesOf(harness, name, extension)),
  );
  // What is not compiled is only among the sources, which the package has too.
  const sources = join(packageRoot(), 'harness');
  add(sources, modulesOf(sources, 'engines', '.py'));
  return digest.digest('hex').slice(0, 16);
};

/** Of a folder and those within it, or the one module of that name; written alike on every system. */
const modulesOf = (root: string, name: string, extension: string): readonly string[] => {
  const folder = join(root, name);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [`${name}${extension}`];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((entry) => entry.endsWith(extension) && !entry.endsWith('.d.ts'))
    .map((entry) => `${name}/${entry.replaceAll(sep, '/')}`);
};
