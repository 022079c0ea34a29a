/** The arrays in an `.npz` file, which is a zip. */
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { requireFile } from '../../files/regular-file.js';
import { UserError } from '../../user/user-error.js';

/** Unpacked, of all arrays that are read: they lie in memory. */
export const MOST_ARRAY_BYTES = 2 ** 32;

const REMEDY = 'Write it with numpy.savez or numpy.savez_compressed.';

/** The files of those names, unpacked. Throws UserError where it is no whole zip, or they would unpack to too much. */
export const readNpz = async (
  file: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Buffer>> => {
  await requireFile(file, { remedy: REMEDY });
  const { default: yauzl } = await import('yauzl');
  const broken = (error: unknown): never => {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} is no whole zip of arrays: ${reason.replace(/\.$/, '')}.`, REMEDY);
  };
  const zip = await promisify<string, import('yauzl').Options, import('yauzl').ZipFile>(yauzl.open)(file, {
    lazyEntries: true,
    autoClose: false,
    // Every entry is held to the size that it says it has.
    validateEntrySizes: true,
  }).catch(broken);
  const found = new Map<string, Buffer>();
  let bytes = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      zip.on('error', reject);
      zip.on('end', resolve);
      zip.on('entry', (entry: import('yauzl').Entry) => {
        const next = async (): Promise<void> => {
          if (!wanted.has(entry.fileName)) return;
          bytes += entry.uncompressedSize;
          if (bytes > MOST_ARRAY_BYTES)
            throw new UserError(`${file} would unpack to more than ${MOST_ARRAY_BYTES} bytes.`, REMEDY);
          if (found.has(entry.fileName)) throw new Error(`${entry.fileName} is there twice`);
          const stream = await promisify<import('yauzl').Entry, Readable>(zip.openReadStream.bind(zip))(
            entry,
          );
          const chunks: Buffer[] = [];
          for await (const chunk of stream) chunks.push(chunk);
          found.set(entry.fileName, Buffer.concat(chunks));
        };
        next().then(() => zip.readEntry(), reject);
      });
      zip.readEntry();
    });
  } catch (error) {
    broken(error);
  } finally {
    zip.close();
  }
  return found;
};
