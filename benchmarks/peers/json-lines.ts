/** Talks to a Python peer: one JSON object a line to it, one a line back. */
import { createInterface } from 'node:readline/promises';
import { execa } from 'execa';
import type { z } from 'zod';
import { workerEnvironment } from '../../harness/run/worker/large-pages.js';

export interface Peer {
  /** Sends what it does not answer. */
  tell(message: object): void;
  /** The answer to a request. Throws Error where the peer ends instead. */
  ask<T extends z.ZodType>(request: object, answer: T): Promise<z.infer<T>>;
  close(): Promise<void>;
}

/** A Python program beside this file, with `python3`, and with large pages as a trial has them. */
export const startPeer = (program: string): Peer => {
  const file = new URL(program, import.meta.url).pathname;
  const child = execa('python3', [file], {
    buffer: false,
    stderr: 'inherit',
    reject: false,
    env: workerEnvironment('trial'),
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const tell = (message: object): void => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  return {
    tell,
    ask: async (request, answer) => {
      tell(request);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${program} ended without an answer.`);
      return answer.parse(JSON.parse(value));
    },
    close: async () => {
      child.stdin.end();
      await child;
    },
  };
};
