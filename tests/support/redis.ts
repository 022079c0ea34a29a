/** A real Redis of a test's own, on a free port, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, execaSync } from 'execa';
import { Redis } from 'ioredis';

/** Why tests with Redis cannot run here. Undefined where they can. */
export const redisIsMissing: string | undefined = execaSync('redis-server', ['--version'], { reject: false })
  .failed
  ? 'redis-server is not on the PATH'
  : undefined;

export interface TestRedis {
  readonly url: string;
  /** With what it had, as a server that keeps an append-only file comes back. */
  readonly restart: () => Promise<void>;
  readonly client: () => Redis;
  readonly stop: () => Promise<void>;
}

export const startRedis = async ({
  password,
  fsync = 'always',
}: {
  readonly password?: string;
  /** When what was written is forced onto the disk. */
  readonly fsync?: 'always' | 'everysec' | 'no';
} = {}): Promise<TestRedis> => {
  const folder = mkdtempSync(join(tmpdir(), 'lightbench-redis-'));
  const port = await freePort();
  const url = `redis://${password === undefined ? '' : `lab:${password}@`}127.0.0.1:${port}`;
  const clients: Redis[] = [];
  const start = async () => {
    const server = execa(
      'redis-server',
      [
        ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder],
        ...['--appendonly', 'yes', '--appendfsync', fsync, '--save', ''],
        ...(password === undefined ? [] : ['--user', 'lab', 'on', `>${password}`, '~*', '&*', '+@all']),
        ...(password === undefined ? [] : ['--requirepass', `${password}-of-default`]),
      ],
      { reject: false, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' },
    );
    await answers(url);
    // A process is a promise of its end, and so would be awaited.
    return { server };
  };
  let { server } = await start();
  return {
    url,
    restart: async () => {
      server.kill('SIGTERM');
      await server;
      ({ server } = await start());
    },
    client: () => {
      const client = new Redis(url, { maxRetriesPerRequest: null });
      client.on('error', () => {});
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) client.disconnect();
      server.kill('SIGTERM');
      await server;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.');
  return address.port;
};

const answers = async (url: string): Promise<void> => {
  for (;;) {
    const probe = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    probe.on('error', () => {});
    const isUp = await probe
      .connect()
      .then(() => probe.ping())
      .then(
        () => true,
        () => false,
      );
    probe.disconnect();
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
