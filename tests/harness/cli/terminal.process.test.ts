import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { builtProgram } from '../../support/command-line.js';
import { it } from '../../support/folder.js';
import { suiteSpec } from '../../support/suite.js';

/** Clears the screen, sets the window's title, turns the text, rings. */
const HOSTILE = '\u001b[2J\u001b]0;owned\u0007\u202eevil\r\b';

/** What a terminal obeys, but for line breaks. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;

it('a plan is printed so that a terminal obeys nothing of it, and its JSON is the same value', async ({
  folder,
}) => {
  const candidates = [{ name: HOSTILE, block: 'sandglass' }];
  const spec = suiteSpec({ title: `T${HOSTILE}`, question: `Q${HOSTILE}`, seeds: 1, candidates });
  writeFileSync(join(folder, 'hostile.mjs'), `export default ${JSON.stringify(spec)};`);
  const plan = (...args: readonly string[]) =>
    builtProgram(
      folder,
      { XDG_CACHE_HOME: join(folder, 'cache') },
      'run',
      'hostile.mjs',
      '--dry-run',
      ...args,
    );
  const { exitCode, stdout } = await plan();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('\\u001b[2J');
  expect(stdout).not.toMatch(OBEYED);
  expect(stdout).toMatch(/^time: about \d+ (s|min)/m);
  const json = (await plan('--json')).stdout;
  expect(json).not.toMatch(OBEYED);
  expect(JSON.parse(json).candidates[0].name).toBe(HOSTILE);
});

/** Of util-linux, which makes a terminal. */
const scriptIsMissing = !/util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout);

it.skipIf(scriptIsMissing)(
  `lines are as long as usual on a terminal without a width${scriptIsMissing ? ' (script of util-linux is missing)' : ''}`,
  async () => {
    const program = `'${process.execPath}' dist/harness/cli/main.js explain tie`;
    const { stdout } = await execa('script', ['-qec', program, '/dev/null'], { stdin: 'ignore' });
    const lengths = stdout.split(/\r?\n/).map((line) => line.length);
    expect(Math.max(...lengths)).toBeGreaterThan(60);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(80);
  },
);
