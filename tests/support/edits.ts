/** Damage to files, and the property that a reader of them must have. */
import { CommanderError } from 'commander';
import fc from 'fast-check';
import { UserError } from '../../harness/user/user-error.js';

/** What came of an input: `same` where it was read as what it was before. */
export type Outcome = 'refused' | 'same';

const HOSTILE_TEXT = [
  '"__proto__":{"polluted":true},',
  '"constructor":{"prototype":{"polluted":true}},',
  '\u0000',
  '\r',
  '\n',
  '{}',
  '[',
  '"',
  '1e999',
  '-1',
  'null',
  '\ufeff',
  '\ud83d',
  '9'.repeat(400),
  '[['.repeat(2000),
];

export interface Edit {
  readonly kind: 'flip' | 'cut' | 'insert' | 'repeat' | 'text' | 'end';
  /** In the bytes, as a share of them. */
  readonly place: number;
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly text: string;
}

/** What damages a file, or what somebody does to one. */
export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.record<Edit>({
    kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat', 'text', 'end'),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 300 }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
    text: fc.constantFrom(...HOSTILE_TEXT),
  }),
  { minLength: 1, maxLength: 4 },
);

export const edited = (whole: Uint8Array, all: readonly Edit[]): Buffer =>
  all.reduce((bytes, edit) => applied(bytes, edit), Buffer.from(whole));

const applied = (bytes: Buffer, { kind, place, length, bytes: more, text }: Edit): Buffer<ArrayBuffer> => {
  const at = Math.floor(place * bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (kind) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (length % 8)), at);
      return flipped;
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(length)]);
    case 'insert':
      return Buffer.concat([before, more, after]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, length), after]);
    case 'text':
      return Buffer.concat([before, Buffer.from(text), after]);
    case 'end':
      return Buffer.from(before);
  }
};

/** Runs the property, and sees that no object has got a field that it should not have. */
export const asserted = async <T>(
  arbitrary: fc.Arbitrary<T>,
  inputs: number,
  outcomeOf: (input: T) => Outcome | Promise<Outcome>,
): Promise<Readonly<Record<Outcome, number>>> => {
  const outcomes = { refused: 0, same: 0 };
  await fc.assert(
    fc.asyncProperty(arbitrary, async (input) => {
      outcomes[await outcomeOf(input)] += 1;
      if ('polluted' in {}) throw new Error('A prototype is polluted.');
    }),
    { numRuns: inputs },
  );
  return outcomes;
};

/** Throws what is no refusal. */
export const refusal = (error: unknown): Outcome => {
  if (error instanceof UserError || error instanceof CommanderError) return 'refused';
  throw error;
};
