/**
 * WebDataset: tars in which the files of a sample share their name up to the first dot, `0001.jpg` and `0001.cls`. The class is a number
 * in `.cls`, or `label` or `cls` in `.json`; `classnames.txt` in the folder names the classes. Nothing is unpacked under the names in a tar.
 */
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../user/user-error.js';
import type { SplitName } from '../dataset.js';
import type { DatasetEntry } from '../dataset-entry.js';
import { IMAGE } from '../folder/image-folder-layout.js';
import { MOST_IMAGE_BYTES } from '../images/image-files.js';
import { linesOf } from '../layouts/label-list.js';
import { filesInTar, type TarFile } from '../tar.js';
import { shardEntry } from './shard-entry.js';
import { splitShards } from './splits.js';
import type { Sample } from './unpacked.js';

const REMEDY = 'Fetch the shard anew, or write it with the library webdataset.';

const NAMES = 'classnames.txt';

export const webDataset: DatasetEntry = shardEntry({
  id: 'webdataset',
  summary: 'WebDataset: tars with images and their labels, train-*.tar and val-*.tar or test-*.tar.',
  extension: '.tar',
  shardsIn: async (folder) => {
    const shards = await splitShards(folder, '.tar');
    const names = join(folder, NAMES);
    const samples = async function* (): AsyncIterable<Sample> {
      for (const split of ['train', 'validation', 'test'] as const) {
        for (const file of shards[split]) yield* samplesIn(file, split);
      }
    };
    return {
      files: [...shards.train, ...shards.validation, ...shards.test],
      samples,
      classes: existsSync(names) ? (await linesOf(names, REMEDY)).map(({ text }) => text) : null,
    };
  },
});

/** What is known of a sample until its last file. */
interface Gathered {
  readonly key: string;
  image: Buffer | null;
  label: number | null;
}

const samplesIn = async function* (file: string, split: SplitName): AsyncGenerator<Sample> {
  let current = null as Gathered | null;
  const finished = (sample: Gathered | null): Sample[] => {
    if (sample === null || sample.image === null) return [];
    const { key, image, label } = sample;
    if (label === null) throw new UserError(`${file}: ${key} has an image and no label.`, REMEDY);
    return [{ split, name: key, label, bytes: image }];
  };
  for await (const { name, bytes } of entriesOf(file)) {
    const [, key = name, extension = ''] = /^(.*?(?:^|\/)[^/.]+)\.([^/]*)$/.exec(name) ?? [];
    if (key !== current?.key) {
      yield* finished(current);
      current = { key, image: null, label: null };
    }
    if (IMAGE.test(name)) current.image = bytes;
    else if (extension === 'cls') current.label = wholeNumber(bytes.toString('utf8'), `${file}: ${name}`);
    else if (extension === 'json') current.label ??= labelIn(bytes, `${file}: ${name}`);
  }
  yield* finished(current);
};

const wholeNumber = (text: string, where: string): number => {
  if (/^\s*\d{1,6}\s*$/.test(text)) return Number(text);
  throw new UserError(`${where} is no whole number.`, REMEDY);
};

const labelIn = (bytes: Buffer, where: string): number | null => {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new UserError(`${where} is no JSON.`, REMEDY);
  }
  if (typeof value !== 'object' || value === null) return null;
  const label: unknown = Reflect.get(value, 'label') ?? Reflect.get(value, 'cls');
  if (label === undefined) return null;
  const isPlain = typeof label === 'number' || typeof label === 'string';
  return wholeNumber(isPlain ? `${label}` : '', where);
};

/** The plain files of a tar. Links and devices are passed over; a file that says it is larger than any image is refused, not read. */
const entriesOf = async function* (file: string): AsyncGenerator<TarFile> {
  try {
    yield* filesInTar(createReadStream(file), ({ name, size, type }) => {
      if (type !== undefined && type !== 'file') return false;
      if (size > MOST_IMAGE_BYTES) throw new UserError(`${file}: ${name} would have ${size} bytes.`, REMEDY);
      return true;
    });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} is no whole tar: ${reason.replace(/\.$/, '')}.`, REMEDY);
  }
};
