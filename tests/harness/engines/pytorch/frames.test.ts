import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, frameHead, frameReader } from '../../../../harness/engines/pytorch/frames.js';

const message = fc.record({ text: fc.string(), payload: fc.uint8Array({ maxLength: 40 }) });

describe('frames', () => {
  it('are read as they were written, however their bytes arrive', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 5 }), fc.integer({ min: 1, max: 30 }), (messages, size) => {
        const bytes = Buffer.concat(
          messages.flatMap(({ text, payload }) => [frameHead({ text }, payload.length), payload]),
        );
        const frames: Frame[] = [];
        const read = frameReader((frame) => frames.push(frame));
        for (let first = 0; first < bytes.length; first += size) read(bytes.subarray(first, first + size));
        expect(
          frames.map(({ header, payload }) => ({ header, payload: [...new Uint8Array(payload)] })),
        ).toEqual(messages.map(({ text, payload }) => ({ header: { text }, payload: [...payload] })));
      }),
    );
  });
});
