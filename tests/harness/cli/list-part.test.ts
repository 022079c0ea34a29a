import { expect } from 'vitest';
import { writeBlockFolder } from '../../support/block-folder.js';
import { lightbench } from '../../support/command-line.js';
import { it } from '../../support/folder.js';

it('lists a part that is not made for the place of the example, and says why it has no costs there', async ({
  folder,
}) => {
  const set = { preset: 'small', depths: [1, 1], widths: [8, 16] };
  const places = writeBlockFolder(folder, 1, { set, site: { input: [1, 32, 32], classes: 10 } });
  const { stdout, stderr, exitCode } = await lightbench('list', folder);
  expect([stderr, exitCode]).toEqual(['', 0]);
  expect(stdout).toMatch(/^my-block, block$/m);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    /No costs at 64 channels of 28x28 at stride 1, ReLU: my-block was not imported for 64x28x28/,
  );
  expect(stdout).not.toContain('Example:');
  expect(places.length).toBeGreaterThan(0);
});
