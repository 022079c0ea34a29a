/** A data set of shards as the registry lists it. */
import { filesBeneath } from '../../files/beneath.js';
import { UserError } from '../../user/user-error.js';
import type { DatasetEntry, LoadOptions } from '../dataset-entry.js';
import { imageDataset } from '../image-set.js';
import type { ImageSource } from '../image-source.js';
import { imagesOfShards, type Shards } from './unpacked.js';

interface ShardFormat {
  readonly id: string;
  readonly summary: string;
  readonly extension: string;
  readonly shardsIn: (folder: string) => Promise<Omit<Shards, 'id' | 'folder'>>;
}

export const shardEntry = ({ id, summary, extension, shardsIn }: ShardFormat): DatasetEntry => {
  const isHere = (folder: string): boolean => {
    for (const name of filesBeneath(folder, { follow: true, onUnreadable: () => {} })) {
      if (name.endsWith(extension)) return true;
    }
    return false;
  };
  const find = ({ path, dataFolder }: LoadOptions): string | null =>
    [path, dataFolder].flatMap((place) => place ?? []).find(isHere) ?? null;
  const remedy = `Name a folder with ${extension} files as data.path of the suite or in LIGHTBENCH_DATA.`;
  const images = async (options: LoadOptions): Promise<ImageSource> => {
    const folder = find(options);
    if (folder === null) throw new UserError(`The data set ${id} is not here.`, remedy);
    return imagesOfShards({ id, folder, ...(await shardsIn(folder)) });
  };
  return {
    id,
    summary,
    location: find,
    remedy,
    images,
    load: async (options) => imageDataset(id, await images(options), options),
  };
};
