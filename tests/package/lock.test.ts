import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/**
 * onnxruntime-node's script downloads CUDA libraries, or fails where it cannot. npm runs no script of a package whose entry has no
 * `hasInstallScript`, and keeps the entry so until the version changes.
 */
it('no package runs an install script after npm ci', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const scripted = Object.keys(packages).filter((path) => path !== '' && packages[path].hasInstallScript);
  expect(packages['node_modules/onnxruntime-node']).toBeDefined();
  expect(scripted, 'Remove the lines "hasInstallScript" from package-lock.json.').toEqual([]);
});
