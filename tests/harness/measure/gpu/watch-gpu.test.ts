/** With a program in place of nvidia-smi: no machine of ours has a GPU. */
import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { watchGpu } from '../../../../harness/measure/gpu/watch-gpu.js';
import { watchMachine } from '../../../../harness/measure/machine/disturbance.js';
import { it } from '../../../support/folder.js';

const UUID = 'GPU-5fd4f087-86f3-5a3e-9d5c-1b0c4e6b8a10';

/** As a driver before 535: it does not know the newer name of a field. */
const PROGRAM = `#!/bin/sh
case "$1" in *clocks_event_reasons*)
  echo "Field \\"clocks_event_reasons.active\\" is not a valid field to query."
  exit 2 ;;
esac
line="${UUID}, Tesla T4, 585, 1590, 84, 0x0000000000000020"
echo "$line"
case "$*" in *--loop-ms=*) while sleep 0.01; do echo "$line"; done ;; esac
`;

const standIn = async (folder: string, program: string): Promise<void> => {
  const file = join(folder, 'nvidia-smi');
  await writeFile(file, program);
  await chmod(file, 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
};

describe.skipIf(process.platform === 'win32')('a GPU that is watched', () => {
  it('tells of its clock and heat until the end, and a slower clock is a caution', async ({ folder }) => {
    await standIn(folder, PROGRAM);
    const end = await watchMachine(true, { uuid: UUID });
    await new Promise((later) => setTimeout(later, 300));
    const { gpu, warnings } = await end();
    expect(gpu).toMatchObject({
      name: 'Tesla T4',
      clockMhz: { lowest: 585, median: 585, highest: 585 },
      fullClockMhz: 1590,
      temperatureC: { lowest: 84, highest: 84 },
    });
    expect(gpu?.samples).toBeGreaterThan(0);
    expect(warnings).toContainEqual({
      kind: 'gpu-slowed',
      slowed: [{ slowdown: 'software-thermal', share: 1 }],
    });
  });

  it('tells nothing where there is no nvidia-smi, or where it fails', async ({ folder }) => {
    vi.stubEnv('PATH', folder);
    expect(await (await watchGpu({ uuid: UUID }))()).toBeNull();
    await standIn(folder, '#!/bin/sh\necho "NVIDIA-SMI has failed" >&2\nexit 9\n');
    const { gpu, warnings } = await (await watchMachine(true, { uuid: UUID }))();
    expect(gpu).toBeUndefined();
    expect(warnings.filter((one) => typeof one !== 'string' && one.kind === 'gpu-slowed')).toEqual([]);
  });
});
