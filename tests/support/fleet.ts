/** Real workers in processes of their own. */
import { resolve } from 'node:path';
import { execaNode } from 'execa';
import { onTestFinished } from 'vitest';

export interface StartedWorker {
  /** All that it has said so far. */
  readonly said: () => string;
  /** Waits until it has said this, after `from` characters of it. */
  readonly says: (text: string | RegExp) => Promise<void>;
  readonly signal: (signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT') => void;
  readonly ended: Promise<unknown>;
}

/** The built program, which keeps no trials for other runs unless it is told where; ended with the test, if not before. */
export const startWorker = (
  url: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): StartedWorker => {
  const cache = args.includes('--cache') ? [] : ['--no-cache'];
  const worker = execaNode(resolve('dist/harness/cli/main.js'), ['worker', ...cache, ...args], {
    reject: false,
    buffer: false,
    stdin: 'ignore',
    stdout: 'ignore',
    env: { LIGHTBENCH_REDIS_URL: url, ...env },
  });
  let text = '';
  worker.stderr.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const hasSaid = (wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
  onTestFinished(async () => {
    worker.kill('SIGKILL');
    await worker;
  });
  return {
    said: () => text,
    says: async (wanted) => {
      while (!hasSaid(wanted)) {
        if (worker.exitCode !== null) throw new Error(`The worker ended: ${text}`);
        await new Promise((later) => setTimeout(later, 20));
      }
    },
    signal: (signal) => void worker.kill(signal),
    ended: worker,
  };
};
