import { rm, stat } from 'node:fs/promises';
import { dropResult, type ListedResult, listResults } from './result-cache.js';
import { isOfHere } from './training-facts.js';

export interface WhichResults {
  /** Seconds since they were made. */
  readonly olderThan?: number;
  readonly all?: boolean;
  /** Only counts. */
  readonly dryRun?: boolean;
}

export interface Pruned {
  readonly deleted: number;
  readonly kept: number;
  readonly freedBytes: number;
}

/** Seconds in which whoever began to write a file has finished it. */
const WRITING = 3600;

/** Deletes what nothing here can use, and what else is asked for. Throws the system's error where the folder cannot be changed. */
export const pruneResults = async (
  folder: string,
  { olderThan = Number.POSITIVE_INFINITY, all = false, dryRun = false }: WhichResults,
): Promise<Pruned> => {
  const { results, partial } = await listResults(folder);
  const isGoing = ({ found }: ListedResult): boolean =>
    all ||
    found.state === 'damaged' ||
    !isOfHere(found.entry.facts) ||
    ageOf(found.entry.from.at) > olderThan;
  const going = results.filter(isGoing);
  if (!dryRun) {
    for (const { file } of going) await dropResult(file);
    for (const file of partial) {
      const written = await stat(file).catch(() => null);
      if (written !== null && (Date.now() - written.mtimeMs) / 1000 > WRITING)
        await rm(file, { force: true });
    }
  }
  return {
    deleted: going.length,
    kept: results.length - going.length,
    freedBytes: going.reduce((sum, { bytes }) => sum + bytes, 0),
  };
};

const ageOf = (at: string): number => (Date.now() - Date.parse(at)) / 1000;
