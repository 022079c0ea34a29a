/**
 * Runs every command of README and docs as printed, in the order of each file, in a folder that has what the text speaks of: a block and a
 * suite of one's own in a git repository with a commit and tags from before, a run that is kept, and a folder of photos. Finished trials are
 * shared by all, and are short: `npx` trains with two seeds for one epoch, whatever the line or the suite says.
 */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumIsMissing } from '../support/chromium.js';
import { documentedCommands } from '../support/documented-commands.js';
import { copyProject, type GitProject, gitProject } from '../support/git-project.js';
import { writeImageFolder } from '../support/image-folder.js';
import { runFixture, writeRunDirectory } from '../support/run-fixture.js';

/** What is not run as printed, and why; `instead` is run in its place. */
const EXEMPT: readonly {
  readonly like: RegExp;
  readonly why: string;
  readonly instead?: (line: string) => string;
}[] = [
  { like: /^git clone/, why: 'clones this repository; .ci/run installs from a clean checkout' },
  { like: /lightbench serve/, why: 'goes on until it is stopped; tests/harness/cli/serve has it' },
  { like: /lightbench worker/, why: 'waits for work until it is stopped; tests/harness/fleet runs workers' },
  { like: /--redis/, why: 'needs a Redis and workers on other machines; tests/harness/fleet has them' },
  {
    like: /lightbench import |\.\/my-block /,
    why: 'needs PyTorch; tests/harness/import has it where it is there',
  },
  {
    like: /data (download|check) cifar-10/,
    why: 'needs the internet; tests/harness/data has files of that kind',
  },
  {
    like: /my\.npz|--data shards|runs\/mine /,
    why: 'is about files of the reader; tests/harness/data and tests/harness/weights have such files',
  },
  { like: /model\.onnx/, why: 'is about a file of the reader; tests/harness/import reads such files' },
  {
    like: /run paper\//,
    why: 'trains for an hour and more; the plan shows that it is taken',
    instead: (line) => `${line} --dry-run`,
  },
  {
    like: /\/mnt\//,
    why: 'names a folder of somebody else’s machine',
    instead: (line) => line.replace(/\/mnt\/\S+/, 'runs'),
  },
];

/** Exit codes that a line may have besides 0, and why. */
const OUTCOMES: readonly {
  readonly like: RegExp;
  readonly codes: readonly number[];
  readonly says: RegExp;
}[] = [
  // A machine without PyTorch, or without a GPU, is told so before anything starts.
  { like: /--engine pytorch/, codes: [2], says: /is missing: / },
  // A machine that is too slow or too fast for it names the values that come nearest.
  { like: /--budget latency/, codes: [2], says: /within 5 % of 0\.0\d.*Nearest/s },
  // The change of the test makes a block bigger.
  { like: /compare \.\.\/before/, codes: [1], says: /worse/ },
  // Whether a difference of latency is decided depends on the machine.
  { like: /bisect .*--metric latency/, codes: [1, 2], says: /latency/ },
];

/** It begins with an empty folder. */
const TUTORIAL = 'docs/from-question-to-figure.md';

/** The program as built. A plan that is only shown or continued is taken as it is. */
const NPX = `#!/bin/sh
shift
case "$*" in
  *--dry-run* | *--resume*) ;;
  "run "*) set -- "$@" --seeds 2 --epochs 1 ;;
esac
exec "${process.execPath}" "${resolve('dist/harness/cli/main.js')}" "$@"
`;

let project: GitProject;
let environment: Readonly<Record<string, string>>;

const BIGGER = 'expansion: z.number().min(0.5).max(8).default(3)';

beforeAll(async () => {
  const parent = mkdtempSync(join(tmpdir(), 'lightbench-docs-'));
  const bin = join(parent, 'bin');
  mkdirSync(bin);
  const npx = join(bin, 'npx');
  writeFileSync(npx, NPX);
  chmodSync(npx, 0o755);
  environment = {
    PATH: `${bin}:${process.env.PATH}`,
    XDG_CACHE_HOME: join(parent, 'cache'),
    LIGHTBENCH_DATA: join(parent, 'repository/photos'),
    // No browser is opened there.
    CI: 'true',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.org',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.org',
  };
  project = await gitProject(parent);
  const { folder } = project;
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, '.gitignore'), 'node_modules\nruns\nresults\nphotos*\n*.html\n*.onnx\n*.log\n');
  await project.commit('A block and a suite', () => {
    cpSync('docs/examples', join(folder, 'docs/examples'), { recursive: true });
    for (const file of ['my-block.ts', 'my-suite.ts'])
      cpSync(join('docs/examples', file), join(folder, file));
  });
  for (const tag of ['v1', 'v1.2']) await project.git('tag', tag);
  await project.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  await project.commit('Projects thrice', () => {
    for (const file of ['my-block.ts', 'docs/examples/my-block.ts']) {
      const path = join(folder, file);
      const text = readFileSync(path, 'utf8');
      expect(text).toContain(BIGGER);
      writeFileSync(path, text.replace("project('project2'))", "project('project2'), project('project3'))"));
    }
  });
  writeRunDirectory(join(folder, 'runs/earlier'), runFixture({ name: 'quick' }));
  cpSync('docs/results/paper-channel', join(folder, 'docs/results/paper-channel'), { recursive: true });
  await writeImageFolder(join(folder, 'photos'), ['a', 'b'], { train: 3, val: 2 });
});

afterAll(() => rmSync(join(project.folder, '..'), { recursive: true, force: true }));

describe.each([...new Set(documentedCommands().map(({ file }) => file))])('as printed in %s', (file) => {
  let cwd: string;

  beforeAll(() => {
    const parent = mkdtempSync(join(project.folder, '../of-'));
    cwd = file === TUTORIAL ? parent : copyProject(project, parent).folder;
  });

  const lines = documentedCommands().flatMap((command) => (command.file === file ? [command.line] : []));
  it.for(lines)('%s', async (line, { skip }) => {
    const exempt = EXEMPT.find(({ like }) => like.test(line));
    if (exempt !== undefined && exempt.instead === undefined) return skip(exempt.why);
    if (line.includes('--device browser') && chromiumIsMissing !== undefined) return skip(chromiumIsMissing);
    const shown = exempt?.instead?.(line) ?? line;
    const { exitCode, all } = await execa('bash', ['-c', shown], {
      cwd,
      env: environment,
      reject: false,
      all: true,
    });
    const outcome = OUTCOMES.find(({ like, codes }) => like.test(line) && codes.includes(exitCode ?? -1));
    if (outcome === undefined) expect([exitCode, all]).toEqual([0, all]);
    else expect(all).toMatch(outcome.says);
  });
});

it('every exemption is of a line that is printed', () => {
  const lines = documentedCommands().map(({ line }) => line);
  const dead = [...EXEMPT, ...OUTCOMES].filter(({ like }) => !lines.some((line) => like.test(line)));
  expect(dead).toEqual([]);
});
