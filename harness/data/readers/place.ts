/** Where the files of a data set are looked for. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../files/cache-folder.js';
import { UserError } from '../../user/user-error.js';
import type { LoadOptions } from '../dataset-entry.js';

/** Where a suite says, where LIGHTBENCH_DATA says, and where `lightbench data download` puts them. */
export const placesOf = (id: string, { path, dataFolder }: LoadOptions): readonly string[] => [
  ...(path === undefined ? [] : [path]),
  ...(dataFolder === undefined ? [] : [dataFolder, join(dataFolder, id)]),
  cacheFolder(id),
];

/** The first place, or a folder in it of one of these names, that holds one of the lists of files whole; null where none does. */
export const findFiles = (
  places: readonly string[],
  folders: readonly string[],
  lists: readonly (readonly string[])[],
): { readonly folder: string; readonly files: readonly string[] } | null => {
  for (const place of places.flatMap((one) => [one, ...folders.map((inner) => join(one, inner))])) {
    const files = lists.find((list) => list.every((file) => existsSync(join(place, file))));
    if (files !== undefined) return { folder: place, files };
  }
  return null;
};

/** Says which files are wanted where. */
export const notHere = (id: string, options: LoadOptions, files: readonly string[]): UserError =>
  new UserError(
    `The data set ${id} is not here: ${placesOf(id, options).join(' or ')} would hold ${files.join(', ')}.`,
    remedyOf(id),
  );

export const remedyOf = (id: string): string =>
  `Name its folder as data.path of the suite or in LIGHTBENCH_DATA; lightbench data download fetches what may be fetched (${id}).`;
