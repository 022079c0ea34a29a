import { execa } from 'execa';
import { describe, expect, it } from 'vitest';

describe('the program', () => {
  it('ends without a word where nobody reads its output to the end', async () => {
    const program = '"$0" dist/harness/cli/main.js cost falconnet --per-op | head -n 1';
    const { stdout, stderr } = await execa('bash', ['-c', program, process.execPath]);
    expect(stdout).toContain('falconnet');
    expect(stderr).toBe('');
  });
});
