/** Training through torch.compile: PyTorch writes C++ and compiles it, which takes most of a minute. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Weights } from '../../../../harness/graph/parameters.js';
import { relativeDifference } from '../../../support/reference.js';
import { torchEngineIsMissing } from '../../../support/torch-engine.js';
import { trainedByTorch } from '../../../support/trained-by-torch.js';

const TOLERANCE = 1e-5;
/** Of losses after several steps: where rounding takes a value across the kink of an activation, its gradient is another. */
const AFTER_KINKS = 0.01;

const compilerIsMissing = (): string | undefined => {
  try {
    execFileSync('g++', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'g++ is not installed';
  }
};

const missing = torchEngineIsMissing ?? compilerIsMissing();

/** One after another: what a layer has learnt in a step may be nothing but rounding. */
const valuesOf = (weights: Weights): number[] => [...weights.values()].flatMap((values) => [...values]);

describe.skipIf(missing)(`training through torch.compile${missing ? ` (${missing})` : ''}`, () => {
  it('learns the same within rounding, statistics included', async () => {
    const [usual, compiled] = [
      await trainedByTorch({ compiled: false }, { steps: 1 }),
      await trainedByTorch({ compiled: true }, { steps: 1 }),
    ];
    expect(relativeDifference(compiled.losses, usual.losses)).toBeLessThan(TOLERANCE);
    expect(relativeDifference(valuesOf(compiled.weights), valuesOf(usual.weights))).toBeLessThan(TOLERANCE);
  });

  it('goes on learning the same, also from a checkpoint, where it repeats itself to the bit', async () => {
    const [usual, compiled] = [
      await trainedByTorch({ compiled: false }),
      await trainedByTorch({ compiled: true }),
    ];
    expect(relativeDifference(compiled.losses, usual.losses)).toBeLessThan(AFTER_KINKS);
    const { checkpoint } = compiled;
    expect(await trainedByTorch({ compiled: true }, { checkpoint })).toEqual(
      await trainedByTorch({ compiled: true }, { checkpoint }),
    );
  });
});
