/** Two GPUs that are made up, for what can be tested without one: which of them a training computes on. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A Python for LIGHTBENCH_PYTHON that has them. */
export const madeUpGpus = (folder: string) => {
  mkdirSync(folder, { recursive: true });
  const python = join(folder, 'python');
  const path = resolve('tests/support/made-up-gpus');
  writeFileSync(python, `#!/bin/sh\nPYTHONPATH='${path}' MADE_UP_GPUS='${folder}' exec python3 "$@"\n`);
  chmodSync(python, 0o755);
  return {
    python,
    /** How many processes have computed on the GPU of this number. */
    uses: (index: number): number => {
      const file = join(folder, String(index));
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
    },
  };
};
