import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';

export interface FileServer {
  readonly origin: string;
  /** For every request, its path and the range that it asked for. */
  readonly requests: readonly { readonly path: string; readonly range: string | null }[];
}

export interface Served {
  readonly body: Uint8Array;
  /** Answers to Range with the part; otherwise always with the whole. */
  readonly ranges?: boolean;
  /** Breaks the connection after so many bytes of the answer. */
  readonly cutAfter?: number;
  /** Says how long the answer is; without it, an answer that is cut off looks like a whole one. */
  readonly announced?: boolean;
}

/** A web server on this machine until the test ends; what it serves for the n-th request is the function's answer, null for 404. */
export const serveFiles = async (
  served: (path: string, request: number) => Served | null,
): Promise<FileServer> => {
  const requests: FileServer['requests'][number][] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push({ path, range: request.headers.range ?? null });
    answer(request, response, served(path, requests.length));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { origin: `http://127.0.0.1:${portOf(server.address())}`, requests };
};

/** An address on this machine where nothing answers. */
export const deadOrigin = async (): Promise<string> => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const port = portOf(server.address());
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
};

const answer = (
  { headers }: IncomingMessage,
  response: ServerResponse,
  served: Served | null,
): ServerResponse => {
  if (served === null) return response.writeHead(404).end();
  const { body, ranges = true, cutAfter, announced = true } = served;
  const from = ranges ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0) : 0;
  if (from > 0 && from >= body.length) return response.writeHead(416).end();
  const part = body.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    ...(from > 0 ? { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` } : {}),
    ...(announced ? { 'content-length': part.length } : { connection: 'close' }),
  });
  if (cutAfter === undefined) return response.end(part);
  response.write(part.subarray(0, cutAfter), () => (announced ? response.destroy() : response.end()));
  return response;
};

const portOf = (address: ReturnType<ReturnType<typeof createServer>['address']>): number => {
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.');
  return address.port;
};
