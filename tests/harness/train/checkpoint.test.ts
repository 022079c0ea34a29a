import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Weights } from '../../../harness/graph/parameters.js';
import { decodeTraining, encodeTraining } from '../../../harness/train/checkpoint.js';
import type { TrainingState } from '../../../harness/train/train-network.js';

const values = fc.float32Array({ maxLength: 6, noNaN: true });
const byPath = fc
  .uniqueArray(fc.tuple(fc.string(), values), { selector: ([path]) => path, maxLength: 5 })
  .map((pairs): Weights => new Map(pairs));
const vectors = fc
  .uniqueArray(fc.tuple(fc.string(), byPath), { selector: ([name]) => name, maxLength: 4 })
  .map((pairs) => new Map(pairs));

const share = fc.double({ min: 0, max: 1, noNaN: true });
const epoch = fc.record({
  epoch: fc.integer({ min: 1, max: 1000 }),
  learningRate: share,
  trainLoss: share,
  validationLoss: share,
  validationTop1: share,
  seconds: share,
});

const training: fc.Arbitrary<TrainingState> = fc.record({
  epochs: fc.array(epoch, { maxLength: 3 }),
  checkpoint: fc.record({ steps: fc.nat(), vectors }),
});

const PLAIN: TrainingState = {
  epochs: [{ epoch: 1, learningRate: 0.1, trainLoss: 2, validationLoss: 1, validationTop1: 0.5, seconds: 3 }],
  checkpoint: {
    steps: 28,
    vectors: new Map(
      ['parameters', 'momenta'].map((name, i) => [
        name,
        new Map([
          ['stem.conv.weight', new Float32Array(500).fill(i + 0.5)],
          ['stem.bn.weight', Float32Array.of(-0, 1e-40, Number.NaN, Number.NEGATIVE_INFINITY)],
        ]),
      ]),
    ),
  },
};

describe('a training state', () => {
  it('comes back from its bytes as it was', () => {
    fc.assert(
      fc.property(training, fc.string(), (state, key) => {
        expect(decodeTraining(key, encodeTraining(key, state))).toEqual({ state: 'whole', training: state });
      }),
    );
    expect(decodeTraining('key', encodeTraining('key', PLAIN))).toEqual({ state: 'whole', training: PLAIN });
  });

  it('comes back from bytes that lie anywhere in a buffer', () => {
    const bytes = encodeTraining('key', PLAIN);
    const within = new Uint8Array(bytes.length + 3);
    within.set(bytes, 3);
    expect(decodeTraining('key', within.subarray(3))).toEqual({ state: 'whole', training: PLAIN });
  });

  it('takes little more room than its values', () => {
    expect(encodeTraining('key', PLAIN).length).toBeLessThan(2 * 504 * 4 + 400);
  });

  it('that is damaged in any byte, cut off anywhere, or longer, is unusable', () => {
    const bytes = encodeTraining('key', PLAIN);
    const place = fc.nat(bytes.length - 1);
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, by) => {
        const damaged = Uint8Array.from(bytes);
        damaged[at] = (damaged[at] ?? 0) ^ by;
        expect(decodeTraining('key', damaged).state).toBe('unusable');
      }),
    );
    fc.assert(
      fc.property(place, (length) => {
        expect(decodeTraining('key', bytes.subarray(0, length)).state).toBe('unusable');
      }),
    );
    expect(decodeTraining('key', Buffer.concat([bytes, Buffer.alloc(1)])).state).toBe('unusable');
    expect(decodeTraining('key', new Uint8Array()).state).toBe('unusable');
  });

  it('of another trial is unusable, and each says why', () => {
    const bytes = encodeTraining('one', PLAIN);
    const reasonOf = (key: string, given: Uint8Array) => {
      const decoded = decodeTraining(key, given);
      return decoded.state === 'unusable' ? decoded.reason : null;
    };
    expect(reasonOf('two', bytes)).toBe('it is of another trial');
    expect(reasonOf('one', bytes.subarray(1))).toBe('it is no training state');
    expect(reasonOf('one', bytes.subarray(0, -1))).toBe('it is damaged');
  });
});
