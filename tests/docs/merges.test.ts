import { execa } from 'execa';
import { expect, it } from 'vitest';

it('no file holds the marks of a merge that was not finished', async () => {
  const { stdout } = await execa('git', ['grep', '-nE', '^(<{7}|>{7})( |$)'], { reject: false });
  expect(stdout).toBe('');
});
