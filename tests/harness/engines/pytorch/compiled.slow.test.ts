/** Training through torch.compile: PyTorch writes C++ and compiles it, which takes most of a minute. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { relativeDifference } from '../../../support/reference.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';
import { trainedByTorch } from '../../../support/trained-by-torch.js';

const TOLERANCE = 1e-4;
/** Later, rounding takes a value across the kink of an activation, and its gradient is another. */
const STEPS = 3;
/** Largest value of what has no gradient, such as the bias of a batch norm before another one. */
const NOTHING = 1e-6;

const compilerIsMissing = (): string | undefined => {
  try {
    execFileSync('g++', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'g++ is not installed';
  }
};

const missing = torchEngineIsMissing ?? compilerIsMissing();

const largestOf = (values: Float32Array = new Float32Array()): number =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

describe.skipIf(missing)(`training through torch.compile${missing ? ` (${missing})` : ''}`, () => {
  it('learns the same within rounding, statistics included, and goes on from a checkpoint', async () => {
    const [usual, compiled] = [
      await trainedByTorch({ compiled: false }, { steps: STEPS }),
      await trainedByTorch({ compiled: true }, { steps: STEPS }),
    ];
    expect(relativeDifference(compiled.losses, usual.losses)).toBeLessThan(TOLERANCE);
    for (const [path, values] of usual.weights) {
      const own = compiled.weights.get(path);
      if (largestOf(values) < NOTHING) expect(largestOf(own), path).toBeLessThan(NOTHING);
      else expect(relativeDifference(own ?? [], values), path).toBeLessThan(TOLERANCE);
    }
    const { checkpoint } = compiled;
    expect(await trainedByTorch({ compiled: true }, { checkpoint })).toEqual(
      await trainedByTorch({ compiled: true }, { checkpoint }),
    );
  });
});
