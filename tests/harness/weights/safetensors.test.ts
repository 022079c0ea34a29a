/** Files of weights: what is written is read, as the format's own library reads it, and nothing else is taken for one. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '../../../harness/weights/safetensors.js';
import { asserted, edited, edits, refusal } from '../../support/edits.js';
import { it } from '../../support/folder.js';
import { pythonIsMissing } from '../../support/python.js';
import { refusalOf } from '../../support/refusal.js';

const names = fc.uniqueArray(
  fc.oneof(
    fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__'),
    fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)),
  ),
  { maxLength: 5 },
);

const tensors = names.chain((all) =>
  fc.tuple(
    ...all.map((name) =>
      fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) =>
        fc
          .float32Array({
            minLength: shape.reduce((product, side) => product * side, 1),
            maxLength: shape.reduce((product, side) => product * side, 1),
          })
          .map((values) => ({ name, shape, values })),
      ),
    ),
  ),
);

const example = () =>
  encodeSafetensors(
    [
      {
        name: 'stem.conv.weight',
        shape: [2, 1, 3, 3],
        values: Float32Array.from({ length: 18 }, (_, i) => i / 7),
      },
      { name: 'stem.bn.num_batches_tracked', shape: [], values: BigInt64Array.of(12n) },
      { name: 'head.bias', shape: [4], values: withSubnormal() },
    ],
    { seed: '0' },
  );

describe('a safetensors file', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(tensors, fc.dictionary(fc.string(), fc.string()), (written, metadata) => {
        const read = decodeSafetensors(encodeSafetensors(written, metadata), 'file');
        expect(read.tensors.size).toBe(written.length);
        for (const { name, shape, values } of written) {
          expect(read.tensors.get(name)?.shape).toEqual(shape);
          expect(Buffer.from(read.tensors.get(name)?.values.buffer ?? new ArrayBuffer(1))).toEqual(
            Buffer.from(values.buffer, values.byteOffset, values.byteLength),
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  const missing = pythonIsMissing('safetensors', 'numpy');

  it.skipIf(missing)(
    'is the same to the library of the format, both ways, half precision included',
    ({ folder }) => {
      writeFileSync(join(folder, 'ours'), example());
      execFileSync('python3', ['-c', PYTHON, folder]);
      for (const name of ['same', 'half']) {
        const { tensors } = decodeSafetensors(readOf(join(folder, name)), name);
        expect([...(tensors.get('head.bias')?.values.subarray(0, 2) ?? [])]).toEqual([1, -2]);
        expect(tensors.get('stem.conv.weight')?.shape).toEqual([2, 1, 3, 3]);
      }
    },
  );

  it('that is damaged or hostile is refused, or read as numbers that fit their shapes', async () => {
    const { refused } = await asserted(edits, 500, (all) => {
      try {
        const { tensors } = decodeSafetensors(edited(example(), all), 'file');
        for (const { shape, values } of tensors.values()) {
          expect(values.length).toBe(shape.reduce((product, side) => product * side, 1));
        }
        return 'same';
      } catch (error) {
        return refusal(error);
      }
    });
    expect(refused).toBeGreaterThan(100);
  });

  it('is refused in a sentence where it lies about its sizes', async () => {
    const withHeader = (header: unknown, values = 4): Buffer => {
      const text = Buffer.from(JSON.stringify(header));
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(text.length));
      return Buffer.concat([length, text, Buffer.alloc(values)]);
    };
    const tensor = (changes: object) => ({
      w: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...changes },
    });
    const refused = (bytes: Uint8Array): Promise<string> =>
      refusalOf(() => decodeSafetensors(bytes, 'w.safetensors'));
    expect(await refused(Buffer.alloc(3))).toContain('it ends within its first 8 bytes');
    expect(await refused(Buffer.alloc(12, 255))).toContain(
      'its header would have 18446744073709551615 bytes',
    );
    expect(await refused(withHeader(tensor({ shape: [2 ** 40, 2 ** 40] })))).toContain(
      'w has 4 bytes, and its shape',
    );
    expect(await refused(withHeader(tensor({ data_offsets: [0, 400] })))).toContain(
      'w lies at 0 to 400 of 4 bytes',
    );
    expect(await refused(withHeader(tensor({ dtype: 'F8' })))).toContain(
      'its header is malformed: w: dtype: ',
    );
    expect(await refused(withHeader([tensor({}).w]))).toContain(
      'its header is malformed: expected an object',
    );
    expect(await refused(withHeader(tensor({}), 9))).toContain('5 bytes follow its values');
    expect(await refused(withHeader({ ...tensor({}), v: tensor({}).w }))).toContain('expected from 4');
  });
});

/** By its bits: a thread that has loaded a network in onnxruntime takes 3e-40 for zero. */
const withSubnormal = (): Float32Array => {
  const values = Float32Array.of(1, -2, 0, 4e30);
  new Uint32Array(values.buffer)[2] = 214_087;
  return values;
};

const readOf = (file: string): Buffer => readFileSync(file);

const PYTHON = `
import sys
from safetensors.numpy import load_file, save_file
import numpy
ours = load_file(sys.argv[1] + "/ours")
assert ours["stem.conv.weight"].shape == (2, 1, 3, 3) and ours["stem.bn.num_batches_tracked"] == 12
assert ours["head.bias"].tolist() == numpy.float32([1, -2, 3e-40, 4e30]).tolist()
save_file(ours, sys.argv[1] + "/same")
save_file({name: value.astype(numpy.float16) for name, value in ours.items() if value.dtype == numpy.float32}, sys.argv[1] + "/half")
`;
