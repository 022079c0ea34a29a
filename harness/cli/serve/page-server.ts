/** Serves the page of one run on the loopback, under an address that nobody can guess. It answers, and changes nothing. */
import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { html } from '../../../reports/page/html/html.js';
import { listenOnLoopback } from '../../process/loopback.js';
import { UserError } from '../../user/user-error.js';
import { visible } from '../../user/visible.js';
import { drawRunPage, isMeasuringLatency, type RunPage, versionOf } from './run-page.js';

export interface PageServer {
  readonly address: string;
  /** Shows the last state to whoever looks, and ends. */
  readonly close: () => Promise<void>;
}

/** Between two looks at the journal. */
const LOOK_MS = 1000;

/** Pages may take this share of a core at most. */
const SHARE = 0.2;

/** How long a reader's browser may take to fetch the last state. */
const LAST_FETCH_MS = 3000;

/** On a free port, or this one. Throws UserError where the port cannot be had. */
export const servePage = async (directory: string, port = 0): Promise<PageServer> => {
  const secret = randomBytes(16).toString('hex');
  const readers = new Set<ServerResponse>();
  let page: Promise<RunPage> | null = null;
  let known = '';
  let restUntil = 0;
  let fetched = (): void => {};

  const draw = (): Promise<RunPage> => {
    const start = process.cpuUsage();
    const drawn = drawRunPage(directory);
    page = drawn;
    drawn.then(
      ({ version }) => {
        known = version;
        const { user, system } = process.cpuUsage(start);
        restUntil = performance.now() + (user + system) / 1000 / SHARE;
      },
      () => {
        page = null;
      },
    );
    return drawn;
  };

  const tell = (event: 'changed' | 'ended'): void => {
    for (const reader of readers) reader.write(`event: ${event}\ndata: \n\n`);
  };

  const server = createServer((request, response) => {
    const isKnown = request.headers.host === `127.0.0.1:${own}`;
    const path = isKnown && request.method === 'GET' ? request.url : undefined;
    if (path === `/${secret}/`) {
      (page ?? draw()).then(
        ({ html }) => {
          send(response, 200, html);
          fetched();
        },
        (error: unknown) => send(response, 503, notYet(error)),
      );
    } else if (path === `/${secret}/events`) {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
      response.write('\n');
      readers.add(response);
      response.on('close', () => readers.delete(response));
    } else send(response, 404, '');
  });
  const own = await listenOnLoopback(
    server,
    port,
    (reason) =>
      new UserError(
        `Port ${port} of 127.0.0.1 cannot be used: ${reason}.`,
        'Name another one with --port, or none: then a free one is taken.',
      ),
  );

  const look = async (): Promise<void> => {
    if (readers.size === 0 || performance.now() < restUntil) return;
    if ((await versionOf(directory)) === known || (await isMeasuringLatency(directory))) return;
    const { isOpen } = await draw();
    tell('changed');
    if (!isOpen) tell('ended');
  };
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look).catch(() => {});
  }, LOOK_MS);

  return {
    address: `http://127.0.0.1:${own}/${secret}/`,
    close: async () => {
      clearInterval(timer);
      await looking;
      if (readers.size > 0) {
        const isFetched = new Promise<void>((done) => {
          fetched = done;
        });
        await draw().catch(() => {});
        tell('changed');
        await Promise.race([isFetched, wait(LAST_FETCH_MS)]);
        tell('ended');
      }
      for (const reader of readers) reader.end();
      server.closeIdleConnections();
      const closed = new Promise((done) => server.close(done));
      await Promise.race([closed, wait(LAST_FETCH_MS, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
};

const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
} as const;

const send = (response: ServerResponse, status: number, html: string): void => {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(html);
};

/** A run that has just been started has no records yet: the browser asks again. */
const notYet = (error: unknown): string => {
  const reason = error instanceof UserError ? visible(error.message) : 'The page cannot be made.';
  return html`<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>Not yet</title><p>${reason} This page asks again every two seconds.</p></html>`
    .markup;
};
