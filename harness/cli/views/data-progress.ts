/** Says how far the loading of a data set is, once it takes its time. */
import type { DataProgress, OnDataProgress } from '../../data/dataset-entry.js';
import { grouped, percent } from './format.js';

/** What is over sooner is not told. */
const PATIENCE_MS = 1000;
const EVERY_MS = 200;

/** One line, rewritten, on a terminal; elsewhere one line when it begins to take long. `now` in milliseconds. */
export const dataProgress = (
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'write'>,
  now: () => number = () => performance.now(),
): OnDataProgress => {
  const begun = now();
  let told: number | null = null;
  return (progress) => {
    const ends = isEnd(progress);
    const due =
      told === null ? now() - begun >= PATIENCE_MS : stream.isTTY && (ends || now() - told >= EVERY_MS);
    if (!due) return;
    told = now();
    if (stream.isTTY) stream.write(`\r\u001b[K${textOf(progress)}${ends ? '\r\u001b[K' : ''}`);
    else stream.write(`${textOf(progress)}\n`);
  };
};

const isEnd = (progress: DataProgress): boolean =>
  progress.kind === 'download' ? progress.received === progress.bytes : progress.done === progress.total;

const textOf = (progress: DataProgress): string => {
  if (progress.kind !== 'download') {
    const doing = progress.kind === 'images' ? 'Checking' : 'Preparing';
    return `${doing} images: ${grouped(progress.done)} of ${grouped(progress.total)}`;
  }
  return `Downloading ${progress.name}: ${percent(progress.received / progress.bytes, 0)}`;
};
