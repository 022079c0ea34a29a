/** Whether a process opens a socket. onnxruntime, unless told not to, looks up where to send its events some 45 seconds after it starts. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect } from 'vitest';
import { UNMARKED } from './support/ci-marks.js';
import { it } from './support/folder.js';

/** strace, which sees every call of the system. */
const watchable = spawnSync('strace', ['-V']).status === 0;

const PATIENCE_S = 90;

/** Calls that open a socket to a network, made while a session of onnxruntime lives. */
const socketsOf = async (library: string, folder: string): Promise<readonly string[]> => {
  const program = `
    import { createJiti } from 'jiti';
    const { InferenceSession } = await createJiti(import.meta.url).import('${library}');
    await InferenceSession.create(new Uint8Array()).catch(() => {});
    setTimeout(() => {}, ${PATIENCE_S * 1000});`;
  const calls = join(folder, 'calls');
  const watched = ['-f', '-e', 'trace=%network', '-o', calls, process.execPath];
  await execa('strace', [...watched, '--input-type=module', '-e', program], {
    env: { ...UNMARKED, XDG_CACHE_HOME: folder, TMPDIR: folder, ORT_DISABLE_TELEMETRY: undefined },
  });
  return readFileSync(calls, 'utf8')
    .split('\n')
    .filter((call) => /socket\(AF_INET/.test(call));
};

describe.skipIf(!watchable).concurrent('the native library', () => {
  it('opens no socket as lightbench loads it', async ({ folder }) => {
    expect(await socketsOf('./harness/engines/onnx/native.ts', folder)).toEqual([]);
  });

  it('opens sockets by itself', async ({ folder }) => {
    expect(await socketsOf('onnxruntime-node', folder)).not.toEqual([]);
  });
});
