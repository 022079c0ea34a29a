/**
 * A training state as bytes, and back:
 *
 *   magic, 8 bytes | length of the header, uint32 | header, JSON | values, float32 | SHA-256 of all before, 32 bytes
 *
 * Numbers are little-endian. The header names the trial, the epochs so far, and for every vector the paths and sizes of its values, in
 * their order; vectors with values for the same paths share one list.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { epochSchema } from '../../results/training/trial.js';
import type { Weights } from '../graph/parameters.js';
import type { TrainingState } from './train-network.js';

export type Decoded =
  | { readonly state: 'whole'; readonly training: TrainingState }
  | { readonly state: 'unusable'; readonly reason: string };

/** `key` says what is trained and how: a state is used for nothing else. */
export const encodeTraining = (key: string, { epochs, checkpoint }: TrainingState): Uint8Array => {
  const lists = new Map<string, Sizes>();
  const vectors = [...checkpoint.vectors].map(([name, values]): Header['vectors'][number] => {
    const sizes = [...values].map(([path, { length }]): Sizes[number] => [path, length]);
    const text = JSON.stringify(sizes);
    lists.set(text, sizes);
    return { name, list: [...lists.keys()].indexOf(text) };
  });
  const content: Header = {
    key,
    steps: checkpoint.steps,
    epochs: [...epochs],
    lists: [...lists.values()],
    vectors,
  };
  const header = Buffer.from(JSON.stringify(content));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  const values = [...checkpoint.vectors.values()].flatMap((byPath) => [...byPath.values()].map(bytesOf));
  const body = Buffer.concat([MAGIC, length, header, ...values]);
  return Buffer.concat([body, digestOf(body)]);
};

export const decodeTraining = (key: string, bytes: Uint8Array): Decoded => {
  const start = MAGIC.length + LENGTH_BYTES;
  const end = bytes.length - DIGEST_BYTES;
  if (end < start || !MAGIC.equals(bytes.subarray(0, MAGIC.length)))
    return unusable('it is no training state');
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, end);
  if (!digestOf(body).equals(bytes.subarray(end))) return unusable('it is damaged');
  const first = start + body.readUInt32LE(MAGIC.length);
  const header = headerSchema.safeParse(JSON.parse(body.toString('utf8', start, first)));
  if (!header.success) return unusable('it is of another version');
  if (header.data.key !== key) return unusable('it is of another trial');
  const { steps, epochs, lists, vectors } = header.data;
  let offset = first;
  const read = (length: number): Float32Array => {
    const values = new Float32Array(length);
    bytesOf(values).set(body.subarray(offset, offset + 4 * length));
    offset += 4 * length;
    return values;
  };
  const restored = new Map(
    vectors.map(({ name, list }): [string, Weights] => [
      name,
      new Map((lists[list] ?? []).map(([path, length]) => [path, read(length)])),
    ]),
  );
  return { state: 'whole', training: { epochs, checkpoint: { steps, vectors: restored } } };
};

const MAGIC = Buffer.from('LBTRAIN1');
const LENGTH_BYTES = 4;
const DIGEST_BYTES = 32;

const sizesSchema = z.array(z.tuple([z.string(), z.int().min(0)]));

type Sizes = z.infer<typeof sizesSchema>;

const headerSchema = z.strictObject({
  key: z.string(),
  steps: z.int().min(0),
  epochs: z.array(epochSchema),
  lists: z.array(sizesSchema),
  vectors: z.array(z.strictObject({ name: z.string(), list: z.int().min(0) })),
});

type Header = z.infer<typeof headerSchema>;

const unusable = (reason: string): Decoded => ({ state: 'unusable', reason });

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const digestOf = (body: Uint8Array): Buffer => createHash('sha256').update(body).digest();
