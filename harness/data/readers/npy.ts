/** Arrays as numpy writes them: magic, version, length of the header, header (a dictionary as Python prints it), values. */
import { UserError } from '../../user/user-error.js';

export interface NpyArray {
  readonly shape: readonly number[];
  readonly type: string;
  readonly bytes: Buffer;
}

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

const HEADER =
  /^\{'descr': '([|<>=]?[a-zA-Z]\d{1,2})', 'fortran_order': (True|False), 'shape': \((\d{1,15}(?:, \d{1,15})*)?,?\), ?\}\s*$/;

const REMEDY = 'Write it with numpy.save or numpy.savez, from arrays of whole numbers in C order.';

/** Throws UserError where the bytes are no such array: of objects, in column order, cut off. */
export const readNpy = (bytes: Buffer, where: string): NpyArray => {
  const broken = (what: string): UserError =>
    new UserError(`${where} is no array of numpy: ${what}.`, REMEDY);
  if (bytes.length < 12 || !bytes.subarray(0, 6).equals(MAGIC)) throw broken('it begins otherwise');
  const [major] = bytes.subarray(6);
  if (major === undefined || major < 1 || major > 3) throw broken(`its format has version ${major}`);
  const start = major === 1 ? 10 : 12;
  const end = start + (major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8));
  if (end > bytes.length || end - start > 2 ** 16) throw broken('its header is cut off');
  const header = HEADER.exec(bytes.toString('latin1', start, end));
  if (header === null) throw broken('its header describes no plain array');
  const [, type = '', order, sides = ''] = header;
  if (order === 'True') throw broken('its values are in column order');
  const shape = sides === '' ? [] : sides.split(', ').map(Number);
  const size = Number(/\d+$/.exec(type)?.[0]) * shape.reduce((product, side) => product * side, 1);
  if (size !== bytes.length - end) {
    throw broken(
      `its ${shape.join('x')} values of type ${type} take ${size} bytes, and ${bytes.length - end} are there`,
    );
  }
  return { shape, type, bytes: bytes.subarray(end) };
};

/** Bytes that a value has, and how it is read; whole numbers alone. */
const WHOLE: Readonly<Record<string, (view: DataView, index: number) => number>> = {
  '|u1': (view, index) => view.getUint8(index),
  '|i1': (view, index) => view.getInt8(index),
  '|b1': (view, index) => view.getUint8(index),
  '<u2': (view, index) => view.getUint16(2 * index, true),
  '<i2': (view, index) => view.getInt16(2 * index, true),
  '<u4': (view, index) => view.getUint32(4 * index, true),
  '<i4': (view, index) => view.getInt32(4 * index, true),
  '<i8': (view, index) => Number(view.getBigInt64(8 * index, true)),
  '<u8': (view, index) => Number(view.getBigUint64(8 * index, true)),
};

/** Its values as labels from 0 on, one each. Throws UserError where they are no whole numbers from 0 to 255. */
export const labelsOf = ({ shape, type, bytes }: NpyArray, where: string): Uint8Array => {
  const read = WHOLE[type];
  const [count = 0, ...rest] = shape;
  if (read === undefined || rest.some((side) => side !== 1)) {
    throw new UserError(
      `${where} holds ${shape.join('x')} values of type ${type}, not one whole number for each image.`,
      REMEDY,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint8Array.from({ length: count }, (_, index) => {
    const label = read(view, index);
    if (label >= 0 && label < 256) return label;
    throw new UserError(
      `${where} gives image ${index} the label ${label}.`,
      'Number the classes from 0, at most 256 of them.',
    );
  });
};
