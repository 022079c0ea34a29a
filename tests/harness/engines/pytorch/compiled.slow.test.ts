/** Training through torch.compile: PyTorch writes C++ and compiles it, which takes most of a minute. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { relativeDifference } from '../../../support/reference.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';
import { trainedByTorch } from '../../../support/trained-by-torch.js';

const TOLERANCE = 1e-4;

const compilerIsMissing = (): string | undefined => {
  try {
    execFileSync('g++', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'g++ is not installed';
  }
};

const missing = torchEngineIsMissing ?? compilerIsMissing();

describe.skipIf(missing)(`training through torch.compile${missing ? ` (${missing})` : ''}`, () => {
  it('learns the same within rounding, statistics included, and goes on from a checkpoint', async () => {
    const [usual, compiled] = [
      await trainedByTorch({ compiled: false }),
      await trainedByTorch({ compiled: true }),
    ];
    expect(relativeDifference(compiled.losses, usual.losses)).toBeLessThan(TOLERANCE);
    for (const [path, values] of usual.weights)
      expect(relativeDifference(compiled.weights.get(path) ?? [], values), path).toBeLessThan(TOLERANCE);
    const { checkpoint } = compiled;
    expect(await trainedByTorch({ compiled: true }, checkpoint)).toEqual(
      await trainedByTorch({ compiled: true }, checkpoint),
    );
  });
});
