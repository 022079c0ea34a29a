/** Reads IDX files (the format of MNIST and its kin), gzipped: magic 0x00 0x00 type rank, sizes, then the values. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { UserError } from '../user-error.js';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/** Throws UserError where the file is missing, no gzip, no IDX file of bytes, of another rank, truncated or too long. */
export const readIdx = async (file: string, rank: number): Promise<IdxArray> => {
  const bytes = await unzip(file);
  const broken = (what: string): UserError =>
    new UserError(`${file}: ${what}.`, 'The file is damaged or of another kind: delete it and get it again.');
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw broken(
      `it begins with ${bytes.subarray(0, 4).toString('hex') || 'nothing'}, not with the magic number of an IDX file`,
    );
  }
  if (bytes[2] !== UNSIGNED_BYTE) throw broken(`its values have type ${bytes[2]} and bytes (8) are expected`);
  if (bytes[3] !== rank) throw broken(`it has ${bytes[3]} dimensions and ${rank} are expected`);
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw broken('it ends within its header');
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const size = shape.reduce((product, n) => product * n, 1);
  const held = bytes.length - header;
  if (held < size) throw broken(`it is truncated: ${held} of ${size} values are there`);
  if (held > size) throw broken(`${held - size} bytes follow its ${size} values`);
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + header, size) };
};

const unzip = async (file: string): Promise<Buffer> => {
  const packed = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      `${file} cannot be read: ${error.code ?? error.message}.`,
      'Check that it exists and that you may read it.',
    );
  });
  return promisify(gunzip)(packed).catch((error: Error) => {
    throw new UserError(`${file} is not a whole gzip file: ${error.message}.`, 'Delete it and get it again.');
  });
};
