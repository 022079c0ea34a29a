/** Candidates whose worker process gets into trouble while it builds them, beside one that trains. */
import { defineBlock, defineSuite, z } from 'lightbench';
import tiny from './tiny.js';

const isWorker = process.argv[1]?.includes('worker-main') ?? false;

const block = (id: string, trouble: () => void) =>
  defineBlock({
    id,
    summary: 'It gets its process into trouble.',
    paper: 'none',
    options: z.strictObject({}),
    build: (g, x) => {
      if (isWorker) trouble();
      return g.batchNorm('bn', g.conv2d(id, x, { outChannels: x.shape[0], kernel: 1 }));
    },
  });

/** Nothing else gets a turn meanwhile. */
const wait = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

const TROUBLES = {
  hangs: () => {
    for (;;) wait(1000);
  },
  grows: () => {
    const kept: Buffer[] = [];
    for (;;) {
      kept.push(Buffer.alloc(20 * 2 ** 20, 1));
      wait(20);
    }
  },
  crashes: () => process.abort(),
  'is-killed': () => process.kill(process.pid, 'SIGTERM'),
  exits: () => {
    process.stdout.write('about to exit\n');
    process.exit(7);
  },
  throws: () => {
    process.stderr.write('about to throw\n');
    throw new Error('the block broke');
  },
};

export default defineSuite({
  ...tiny,
  id: 'troubled',
  seeds: 1,
  latency: { sessions: 1, rounds: 1 },
  candidates: [
    ...Object.entries(TROUBLES).map(([name, trouble]) => ({ name, block: block(name, trouble) })),
    ...tiny.candidates.slice(0, 1),
  ],
});
