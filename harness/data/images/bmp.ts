/**
 * BMP files, which the image library has no decoder for. Skia, which draws figures here, has one, but fills in black where a file lacks
 * pixels: so the header is checked against the length first, and only files whose pixels lie in it plainly are taken.
 */
import type { Pixels } from '../scaling/kernel.js';

export const isBmp = (bytes: Uint8Array): boolean => bytes[0] === 0x42 && bytes[1] === 0x4d;

/** Rows of red, green and blue. Throws Error with the reason where the file is not whole, compressed, transparent or too large. */
export const readBmp = async (bytes: Uint8Array, mostPixels: number): Promise<Pixels> => {
  const { width, height } = checkedHeader(bytes, mostPixels);
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const image = await loadImage(Buffer.from(bytes));
  if (image.width !== width || image.height !== height) throw new Error('it is damaged');
  const canvas = createCanvas(width, height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const rows = new Uint8Array(3 * width * height);
  for (let pixel = 0; pixel < width * height; pixel++)
    for (let channel = 0; channel < 3; channel++) rows[3 * pixel + channel] = data[4 * pixel + channel] ?? 0;
  return { bytes: rows, width, height };
};

/** Of BITMAPINFOHEADER and its successors: where the fields are that all of them have. */
const FIELDS = { pixels: 10, header: 14, width: 18, height: 22, bits: 28, compression: 30, alphaMask: 66 };

const SHORTEST_HEADER = 40;
const HEADER_WITH_ALPHA = 56;
const FILE_HEADER = 14;

/** Of the compressions, the two that lay every pixel in the file: plainly, and by masks of its colours. */
const UNCOMPRESSED = [0, 3];

const checkedHeader = (
  bytes: Uint8Array,
  mostPixels: number,
): { readonly width: number; readonly height: number } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < FILE_HEADER + SHORTEST_HEADER) throw new Error('it is cut off');
  const header = view.getUint32(FIELDS.header, true);
  if (header < SHORTEST_HEADER) throw new Error('it is a BMP of OS/2, which is not read');
  if (bytes.length < FILE_HEADER + header) throw new Error('it is cut off');
  const width = view.getInt32(FIELDS.width, true);
  // Rows from the top down have a negative height.
  const height = Math.abs(view.getInt32(FIELDS.height, true));
  const bits = view.getUint16(FIELDS.bits, true);
  if (width < 1 || height < 1 || ![1, 4, 8, 16, 24, 32].includes(bits)) throw new Error('it is damaged');
  if (width * height > mostPixels) throw new Error(`it has more than ${mostPixels / 1e6} million pixels`);
  if (!UNCOMPRESSED.includes(view.getUint32(FIELDS.compression, true)))
    throw new Error('it is a compressed BMP, which is not read');
  if (header >= HEADER_WITH_ALPHA && [16, 32].includes(bits) && view.getUint32(FIELDS.alphaMask, true) !== 0)
    throw new Error('it is a BMP with transparency, which is not read');
  const rowBytes = 4 * Math.ceil((width * bits) / 32);
  if (bytes.length < view.getUint32(FIELDS.pixels, true) + rowBytes * height)
    throw new Error('it is cut off');
  return { width, height };
};
