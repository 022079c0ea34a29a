/**
 * Safetensors, the format in which weights travel between frameworks (github.com/huggingface/safetensors):
 *
 *   length of the header, uint64 | header, JSON, name to { dtype, shape, data_offsets } | values
 *
 * Numbers are little-endian. A file holds numbers and names alone: reading one executes nothing.
 */
import { endianness } from 'node:os';
import { z } from 'zod';
import { describeIssues } from '../../results/parse.js';
import { readRegularFile } from '../files/regular-file.js';
import { UserError } from '../user/user-error.js';

/** float32 values, or counts, which become int64. */
export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export interface ReadTensor {
  readonly shape: readonly number[];
  /** As float32, whatever they are kept as. */
  readonly values: Float32Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, ReadTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const LENGTH_BYTES = 8;
const METADATA = '__metadata__';

/** Of a header; that of the format's own readers. */
const MOST_HEADER_BYTES = 100_000_000;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** In this order. */
export const encodeSafetensors = (
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array => {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const begin = end;
    end += values.byteLength;
    const dtype = values instanceof Float32Array ? 'F32' : 'I64';
    return [name, { dtype, shape: [...shape], data_offsets: [begin, end] }] as const;
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries([[METADATA, metadata], ...entries])));
  // Values begin where eight divides their place in the file.
  const header = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(header);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...tensors.map(({ values }) => bytesOf(values))]);
};

/** Throws UserError where the file is missing, too large, or no safetensors file of numbers. */
export const readSafetensors = async (file: string): Promise<Safetensors> =>
  decodeSafetensors(await readRegularFile(file, { remedy: REMEDY }), file);

const REMEDY =
  'Write it with lightbench export, or from PyTorch with safetensors.torch.save_file(model.state_dict(), file).';

/** `where` names it. Throws UserError where the bytes are no safetensors file: damaged, cut off, or of values that are no numbers. */
export const decodeSafetensors = (bytes: Uint8Array, where: string): Safetensors => {
  const broken = (what: string): UserError =>
    new UserError(`${where} is not a whole safetensors file: ${what}.`, REMEDY);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < LENGTH_BYTES) throw broken('it ends within its first 8 bytes');
  const length = file.readBigUInt64LE();
  if (length > MOST_HEADER_BYTES || Number(length) > file.length - LENGTH_BYTES) {
    throw broken(`its header would have ${length} bytes`);
  }
  const start = LENGTH_BYTES + Number(length);
  const values = file.subarray(start);
  const { metadata, entries } = headerOf(file.toString('utf8', LENGTH_BYTES, start), broken);
  const tensors = new Map<string, ReadTensor>();
  let expected = 0;
  const inOrder = entries.sort(
    ([, { data_offsets: one }], [, { data_offsets: other }]) => one[0] - other[0] || one[1] - other[1],
  );
  for (const [name, { dtype, shape, data_offsets }] of inOrder) {
    const [begin, end] = data_offsets;
    const { bytes: size, read } = DTYPES[dtype];
    const count = shape.reduce((product, side) => product * side, 1);
    if (begin !== expected || end > values.length) {
      throw broken(`${name} lies at ${begin} to ${end} of ${values.length} bytes, expected from ${expected}`);
    }
    if (end - begin !== count * size) {
      throw broken(
        `${name} has ${end - begin} bytes, and its shape ${shape.join('x')} takes ${count * size}`,
      );
    }
    expected = end;
    tensors.set(name, { shape, values: read(values.subarray(begin, end), count) });
  }
  if (expected !== values.length) throw broken(`${values.length - expected} bytes follow its values`);
  return { tensors, metadata };
};

/** Entry by entry: of an object as a whole, zod leaves out a tensor named `__proto__`. */
const headerOf = (text: string, broken: (what: string) => UserError) => {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    throw broken('its header is not JSON');
  }
  const checked = <S extends z.ZodType>(schema: S, value: unknown, place = ''): z.infer<S> => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw broken(`its header is malformed: ${place}${describeIssues(parsed.error)}`);
  };
  const { [METADATA]: metadata = {}, ...entries } = checked(objectSchema, header);
  return {
    metadata: checked(metadataSchema, metadata, `${METADATA}: `),
    entries: Object.entries(entries).map(
      ([name, entry]) => [name, checked(entrySchema, entry, `${name}: `)] as const,
    ),
  };
};

interface Dtype {
  readonly bytes: number;
  readonly read: (bytes: Buffer, count: number) => Float32Array;
}

/** Element by element. */
const each =
  (read: (view: DataView, place: number) => number, size: number): Dtype['read'] =>
  (bytes, count) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Float32Array.from({ length: count }, (_, index) => read(view, size * index));
  };

const copied: Dtype['read'] = (bytes, count) => {
  const values = new Float32Array(count);
  bytesOf(values).set(bytes);
  return values;
};

const float32At = (view: DataView, place: number): number => view.getFloat32(place, true);

/** IEEE 754 binary16. */
const float16At = (view: DataView, place: number): number => {
  const bits = view.getUint16(place, true);
  const sign = bits >> 15 === 1 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
};

const word = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
const bfloat16At = (view: DataView, place: number): number => {
  word.setUint32(0, view.getUint16(place, true) << 16);
  return word.getFloat32(0);
};

const DTYPES = {
  F32: { bytes: 4, read: endianness() === 'LE' ? copied : each(float32At, 4) },
  F64: { bytes: 8, read: each((view, place) => view.getFloat64(place, true), 8) },
  F16: { bytes: 2, read: each(float16At, 2) },
  BF16: { bytes: 2, read: each(bfloat16At, 2) },
  I64: { bytes: 8, read: each((view, place) => Number(view.getBigInt64(place, true)), 8) },
} as const satisfies Record<string, Dtype>;

const size = z.int().min(0);

const objectSchema = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected an object',
);

const metadataSchema = z.record(z.string(), z.string());

const entrySchema = z.strictObject({
  dtype: z.enum(Object.keys(DTYPES) as (keyof typeof DTYPES)[]),
  shape: z.array(size).max(8),
  data_offsets: z.tuple([size, size]),
});
