/** The files in a tar, as they come. */
import { Readable } from 'node:stream';
import type { TarHeader } from 'modern-tar';

export interface TarFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Those that are wanted, whole; what is not wanted is passed over, not kept. Throws what `isWanted` throws, and an Error where it is no tar. */
export const filesInTar = async function* (
  tar: Readable,
  isWanted: (header: TarHeader) => boolean,
): AsyncGenerator<TarFile> {
  const { createTarDecoder } = await import('modern-tar');
  const bytes = Readable.toWeb(tar) as unknown as ReadableStream<Uint8Array>;
  for await (const { header, body } of readableOf(bytes.pipeThrough(createTarDecoder({ strict: true })))) {
    if (!isWanted(header)) {
      await body.cancel();
      continue;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of readableOf(body)) chunks.push(chunk);
    yield { name: header.name, bytes: Buffer.concat(chunks) };
  }
};

/** Streams of the web are iterable in Node. */
const readableOf = <T>(stream: ReadableStream<T>): AsyncIterable<T> => stream as unknown as AsyncIterable<T>;
