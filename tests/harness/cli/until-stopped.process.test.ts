/** Commands that go on until they are stopped print JSON that fits its schema while they do. */
import { resolve } from 'node:path';
import { execaNode } from 'execa';
import { describe, expect, onTestFinished } from 'vitest';
import { CONTRACTS } from '../../../harness/cli/contracts/registry.js';
import { it } from '../../support/folder.js';
import { redisIsMissing, startRedis } from '../../support/redis.js';
import { runFixture, writeRunDirectory } from '../../support/run-fixture.js';

/** What is on the standard output once it is JSON as a whole. */
const printedBy = async (...args: readonly string[]): Promise<unknown> => {
  const program = execaNode(resolve('dist/harness/cli/main.js'), [...args, '--json'], { reject: false });
  onTestFinished(async () => {
    program.kill('SIGKILL');
    await program;
  });
  return new Promise((found, failed) => {
    let text = '';
    program.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.endsWith('}\n')) found(JSON.parse(text));
    });
    void program.then(({ stderr }) => failed(new Error(`It ended: ${text} ${stderr}`)));
  });
};

describe('--json', () => {
  it('of serve is the address of the page', async ({ folder }) => {
    writeRunDirectory(folder, runFixture({ epochs: 2 }));
    const { directory, address } = CONTRACTS.serve.parse(await printedBy('serve', folder));
    expect(directory).toBe(folder);
    expect((await fetch(address)).status).toBe(200);
  });

  it.skipIf(redisIsMissing)('of a worker is a line for everything it does', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const { text } = CONTRACTS.worker.parse(await printedBy('worker', '--redis', redis.url));
    expect(text).toMatch(/^Waiting for runs at redis:/);
  });
});
