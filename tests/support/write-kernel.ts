/** Assembles the kernel that scales images, `kernel.wat`, into `kernel-bytes.ts`: `npm run kernel`. */
import { readFileSync, writeFileSync } from 'node:fs';
import loadWabt from 'wabt';

const scaling = new URL('../../harness/data/scaling/', import.meta.url);

/** The module of the source, base64. */
export const assembleKernel = async (): Promise<string> => {
  const wabt = await loadWabt();
  const module = wabt.parseWat('kernel.wat', readFileSync(new URL('kernel.wat', scaling), 'utf8'), {
    simd: true,
  });
  return Buffer.from(module.toBinary({}).buffer).toString('base64');
};

const kernelFile = (base64: string): string =>
  [
    '/** `kernel.wat`, assembled: `npm run kernel` writes this file. */',
    'export const KERNEL =',
    `  '${base64}';`,
    '',
  ].join('\n');

if (process.argv[1]?.endsWith('write-kernel.ts')) {
  writeFileSync(new URL('kernel-bytes.ts', scaling), kernelFile(await assembleKernel()));
}
