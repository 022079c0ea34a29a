/** Child process of the journal tests: appends events for ever and says on standard output which ones are on the disk. */
import { writeSync } from 'node:fs';
import { Journal } from '../../results/journal/journal.js';

const [path = '', errorLength = '0'] = process.argv.slice(2);
const journal = Journal.open(path);
for (let seed = 0; ; seed++) {
  journal.append({
    event: 'trial-failed',
    key: `key-${seed}`,
    candidate: 'depthwise',
    seed,
    error: 'x'.repeat(Number(errorLength)),
    at: '2025-01-02T03:04:05.000Z',
  });
  writeSync(1, `${seed}\n`);
}
