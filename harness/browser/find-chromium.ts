/** Chromium on the PATH: what is installed already, nothing is downloaded. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Null where there is none. */
export const findChromium = (path = process.env.PATH ?? ''): string | null =>
  path
    .split(delimiter)
    .flatMap((directory) => CHROMIUM_NAMES.map((name) => join(directory, name)))
    .find(isExecutable) ?? null;

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
