/**
 * How messages to and from the Python process are written:
 *
 *   bytes of the header, uint32 | bytes of the payload, uint64 | header, JSON | payload
 *
 * Numbers are little-endian.
 */

const PREFIX_BYTES = 12;

export interface Frame {
  readonly header: unknown;
  readonly payload: ArrayBuffer;
}

/** What stands before a payload of so many bytes. */
export const frameHead = (header: object, payloadBytes: number): Uint8Array => {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(text.length, 0);
  prefix.writeBigUInt64LE(BigInt(payloadBytes), 4);
  return Buffer.concat([prefix, text]);
};

/** Takes the bytes of frames in pieces of any size, and gives each frame once it is whole. */
export const frameReader = (onFrame: (frame: Frame) => void): ((chunk: Uint8Array) => void) => {
  let part: 'prefix' | 'header' | 'payload' = 'prefix';
  let bytes = new Uint8Array(PREFIX_BYTES);
  let filled = 0;
  let header: unknown;
  let payloadBytes = 0;
  const expect = (next: typeof part, count: number): void => {
    part = next;
    bytes = new Uint8Array(count);
    filled = 0;
  };
  const advance = (): void => {
    if (part === 'prefix') {
      const prefix = Buffer.from(bytes.buffer);
      payloadBytes = Number(prefix.readBigUInt64LE(4));
      expect('header', prefix.readUInt32LE(0));
    } else if (part === 'header') {
      header = JSON.parse(Buffer.from(bytes.buffer).toString());
      expect('payload', payloadBytes);
    } else {
      const { buffer } = bytes;
      expect('prefix', PREFIX_BYTES);
      onFrame({ header, payload: buffer });
    }
  };
  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      const piece = rest.subarray(0, bytes.length - filled);
      bytes.set(piece, filled);
      filled += piece.length;
      rest = rest.subarray(piece.length);
      while (filled === bytes.length) advance();
    }
  };
};
