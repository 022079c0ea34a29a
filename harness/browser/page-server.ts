/** Serves the page on the loopback, with the headers without which a browser gives no threads and no fine clock. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { listenOnLoopback } from '../process/loopback.js';
import { PAGE, PAGE_SCRIPT } from './page.js';

export interface PageServer {
  /** Of the page; nobody can guess it. */
  readonly address: string;
  /** What the page finds under `files/<id>`; null takes it away. */
  readonly put: (id: string, bytes: Uint8Array | null) => void;
  readonly close: () => Promise<void>;
}

export const servePage = async (): Promise<PageServer> => {
  const secret = randomBytes(16).toString('hex');
  const files = new Map<string, Uint8Array>();
  const server = createServer((request, response) => {
    const [, asked, ...path] = (request.url ?? '').split('/');
    const content = asked === secret ? contentOf(path.join('/'), files) : Promise.resolve(null);
    content.then(
      (found) => answer(response, path.join('/'), found),
      () => answer(response, '', null),
    );
  });
  const port = await listenOnLoopback(server, 0, (reason) => new Error(reason));
  return {
    address: `http://127.0.0.1:${port}/${secret}/`,
    put: (id, bytes) => {
      if (bytes === null) files.delete(id);
      else files.set(id, bytes);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

const contentOf = async (
  path: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string | Uint8Array | null> => {
  if (path === '') return PAGE;
  if (path === 'page.js') return PAGE_SCRIPT;
  const [, folder = '', name = ''] = /^(files|onnxruntime|tinybench)\/([\w.-]+)$/.exec(path) ?? [];
  if (folder === 'files') return files.get(name) ?? null;
  const library = LIBRARIES[folder];
  return library === undefined ? null : readFile(join(library(), name));
};

const require = createRequire(import.meta.url);

/** Folders of the scripts of what the page uses. */
const LIBRARIES: Readonly<Record<string, () => string>> = {
  onnxruntime: () => dirname(require.resolve('onnxruntime-web')),
  tinybench: () => dirname(require.resolve('tinybench')),
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  mjs: 'text/javascript',
  wasm: 'application/wasm',
  '': 'text/html',
};

const answer = (response: ServerResponse, path: string, content: string | Uint8Array | null): void => {
  const type = TYPES[/\.(\w+)$/.exec(path)?.[1] ?? (path === '' ? '' : 'bin')] ?? 'application/octet-stream';
  response
    .writeHead(content === null ? 404 : 200, {
      'content-type': type,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    .end(content ?? '');
};
