/** Servers for programs on this machine alone. */
import type { Server } from 'node:http';

/** Listens on a port of 127.0.0.1, 0 for any that is free; gives the port. Throws what `refused` makes of the reason where it cannot be had. */
export const listenOnLoopback = async (
  server: Server,
  port: number,
  refused: (reason: string) => Error,
): Promise<number> => {
  await new Promise<void>((listens, fails) => {
    server.once('error', (error) => fails(refused(error.message)));
    server.listen(port, '127.0.0.1', listens);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('The server has no port.');
  return bound.port;
};
