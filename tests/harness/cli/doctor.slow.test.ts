import { expect, it, vi } from 'vitest';
import { CONTRACTS } from '../../../harness/cli/contracts/registry.js';
import { lightbench } from '../../support/command-line.js';

it('engines that agree are all well to doctor --verify', async () => {
  // A GPU in software would take minutes.
  vi.stubEnv('VK_ICD_FILENAMES', '');
  const { stdout, stderr, exitCode } = await lightbench('doctor', '--verify', '--json');
  expect(exitCode, stderr).toBe(0);
  const { ok, checks } = CONTRACTS.doctor.parse(JSON.parse(stdout));
  expect(ok).toBe(true);
  const compared = checks.filter(({ name }) => name === 'wasm against onnxruntime');
  expect(compared.length).toBeGreaterThan(4);
  expect(compared.filter(({ state }) => state !== 'ok')).toEqual([]);
});
