/** Data sets that anyone may fetch, by the checksums of their files. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { cacheFolder } from '../../files/cache-folder.js';
import { makeFolders } from '../../files/make-folders.js';
import { writeWhole } from '../../files/write-whole.js';
import { UserError } from '../../user/user-error.js';
import type { LoadOptions } from '../dataset-entry.js';
import { type Download, downloadFiles } from '../download.js';
import { filesInTar } from '../tar.js';

export interface Fetched {
  readonly id: string;
  /** Of the files. */
  readonly origin: string;
  readonly files: readonly Download[];
  /** Where the file is a tar: the files in it that are wanted, by their paths; nothing else is unpacked. */
  readonly members?: readonly string[];
}

/** Fetches what is missing into the cache; an interrupted download goes on. The folder. Throws UserError with the reason where that fails. */
export const fetchDataset = async (
  { id, origin: usual, files, members = [] }: Fetched,
  { onProgress = () => {}, origin = usual }: LoadOptions,
): Promise<string> => {
  const folder = cacheFolder(id);
  const paths = await downloadFiles(
    files,
    folder,
    origin,
    (progress) => onProgress({ kind: 'download', ...progress }),
    (file, reason) =>
      new UserError(
        `${file} of ${id} could not be downloaded: ${reason}.`,
        `Try again, which goes on from where it stopped, or put the file into ${folder}.`,
      ),
  );
  if (members.length > 0) for (const path of paths) await unpack(path, folder, new Set(members));
  return folder;
};

/** Of one file of an archive; its checksum is right, so that this is only for its bugs. */
const MOST_MEMBER_BYTES = 2 ** 30;

const unpack = async (archive: string, folder: string, wanted: ReadonlySet<string>): Promise<void> => {
  const isWanted = ({ name, size }: { readonly name: string; readonly size: number }): boolean =>
    wanted.has(name) && size <= MOST_MEMBER_BYTES;
  for await (const { name, bytes } of filesInTar(createReadStream(archive).pipe(createGunzip()), isWanted)) {
    const file = join(folder, name);
    await makeFolders(join(file, '..'));
    await writeWhole(file, bytes);
  }
};
