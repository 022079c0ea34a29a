import { describe, expect, it } from 'vitest';
import { runningLines } from '../../../../harness/cli/views/running-lines.js';
import { runFixture } from '../../../support/run-fixture.js';

const { plan } = runFixture({ epochs: 12 });

const EPOCH = {
  epoch: 3,
  learningRate: 0.1,
  trainLoss: 0.5124,
  validationLoss: 0.5,
  validationTop1: 0.8,
  seconds: 10,
};

describe('lines of running trainings', () => {
  it('tell epoch, loss, speed and the time left, which a resumed share does not shorten', () => {
    let now = 0;
    const { take, lines } = runningLines(plan, () => now);
    const trial = { candidate: 'repso', seed: 1 };
    take({ kind: 'trial-started', ...trial });
    expect(lines()).toEqual(['repso, seed 1: epoch 1 of 12']);
    take({ kind: 'trial-progress', share: 0.25, ...trial });
    now = 30_000;
    take({ kind: 'trial-epoch', epoch: EPOCH, ...trial });
    take({ kind: 'trial-progress', share: 0.5, ...trial });
    expect(lines()).toEqual(['repso, seed 1: epoch 4 of 12, loss 0.512, 5,400 images/s, 1 min 00 s left']);
    take({ kind: 'trial-retried', error: 'killed', cause: 'killed', ...trial });
    expect(lines()).toEqual([]);
  });

  it('are no longer than the terminal is wide: of long names the middle is left out', () => {
    const { take, lines } = runningLines(plan, () => 0);
    take({
      kind: 'trial-started',
      candidate: `meta-light(${'spatial=repso, '.repeat(8)}expansion=3)`,
      seed: 7,
    });
    for (const columns of [60, 80, 120]) {
      const [line = ''] = lines(columns);
      expect(line).toHaveLength(columns);
      expect(line).toMatch(/^meta-light.*….*=3\), seed 7: epoch 1 of 12$/);
    }
  });

  it('are one a training, and name another machine', () => {
    const { take, lines } = runningLines(plan, () => 0);
    take({ kind: 'trial-started', candidate: 'repso', seed: 0, where: 'pi5' });
    take({ kind: 'try-started', candidate: 'repso', learningRate: 0.1 });
    expect(lines()).toEqual([
      'repso, seed 0 on pi5: epoch 1 of 12',
      expect.stringMatching(/^repso, learning rate 0\.1: /),
    ]);
    take({ kind: 'try-diverged', candidate: 'repso', learningRate: 0.1, reason: 'loss' });
    expect(lines()).toHaveLength(1);
  });
});
