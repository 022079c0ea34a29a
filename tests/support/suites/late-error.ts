import { defineSuite } from 'lightbench';
import tiny from './tiny.js';

/** Told to, it writes more than a pipe holds to standard error, and throws where nobody waits for it. */
if (process.env.LIGHTBENCH_TEST_NOISE) process.stderr.write('noise\n'.repeat(50_000));
if (process.env.LIGHTBENCH_TEST_NOISE === 'throw') {
  setTimeout(() => {
    throw new Error('the block broke later');
  }, 0);
}

export default defineSuite({ ...tiny, id: 'late-error' });
