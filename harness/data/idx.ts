/** Reads IDX files (the format of MNIST and its kin), gzipped or not: magic 0x00 0x00 type rank, sizes, then the values. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { readRegularFile } from '../files/regular-file.js';
import { UserError } from '../user/user-error.js';

export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

/** Maps one after another, and the number of each one's class. */
export interface IdxImages {
  readonly shape: readonly [count: number, height: number, width: number];
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** As readIdx; throws UserError, too, where the files hold another number of images than of labels. */
export const readIdxImages = async (
  imageFile: string,
  labelFile: string,
  most: { readonly images: number; readonly pixels: number },
): Promise<IdxImages> => {
  const [images, labels] = await Promise.all([
    readIdx(imageFile, 3, most.images * most.pixels),
    readIdx(labelFile, 1, most.images),
  ]);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (count !== labels.shape[0]) {
    throw new UserError(
      `${imageFile} holds ${count} images, but ${labelFile} holds ${labels.shape[0]} labels.`,
      'The two files do not belong together: download both again.',
    );
  }
  return { shape: [count, height, width], images: images.values, labels: labels.values };
};

const UNSIGNED_BYTE = 0x08;

/**
 * Throws UserError where the file is missing, no gzip, no IDX file of bytes, of another rank, truncated or too long.
 * @param mostValues unpacked; a file that holds more is not unpacked any further.
 */
export const readIdx = async (file: string, rank: number, mostValues: number): Promise<IdxArray> => {
  const header = 4 + 4 * rank;
  const bytes = await unzip(file, header + mostValues);
  const broken = (what: string): UserError =>
    new UserError(
      `${file}: ${what}.`,
      'The file is damaged or of another format: delete it and download it again.',
    );
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw broken(
      `it begins with ${bytes.subarray(0, 4).toString('hex') || 'nothing'}, not with the magic number of an IDX file`,
    );
  }
  if (bytes[2] !== UNSIGNED_BYTE) throw broken(`its values have type ${bytes[2]} and bytes (8) are expected`);
  if (bytes[3] !== rank) throw broken(`it has ${bytes[3]} dimensions and ${rank} are expected`);
  if (bytes.length < header) throw broken('it ends within its header');
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const size = shape.reduce((product, n) => product * n, 1);
  const held = bytes.length - header;
  if (held < size) throw broken(`it is truncated: ${held} of ${size} values are there`);
  if (held > size) throw broken(`${held - size} bytes follow its ${size} values`);
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + header, size) };
};

/** What gzip may add to bytes that it cannot compress, and more. */
const OVERHEAD = 2 ** 16;

const unzip = async (file: string, mostBytes: number): Promise<Buffer> => {
  const packed = await readRegularFile(file, { most: mostBytes + OVERHEAD, remedy: REMEDY });
  if (!file.endsWith('.gz') && packed[0] !== 0x1f) return packed;
  return promisify(gunzip)(packed, { maxOutputLength: mostBytes }).catch((error: NodeJS.ErrnoException) => {
    throw new UserError(
      error.code === 'ERR_BUFFER_TOO_LARGE'
        ? `${file} unpacks to more than the expected ${mostBytes} bytes.`
        : `${file} is not a complete gzip file: ${error.message}.`,
      REMEDY,
    );
  });
};

const REMEDY = 'Delete it and download it again.';
