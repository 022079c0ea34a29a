import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { dropTraining, loadTraining, saveTraining } from '../../../../harness/run/folder/checkpoint-file.js';
import type { TrainingState } from '../../../../harness/train/train-network.js';
import { it } from '../../../support/folder.js';
import { refusalOf } from '../../../support/refusal.js';

const stateAt = (steps: number): TrainingState => ({
  epochs: [],
  checkpoint: { steps, vectors: new Map([['parameters', new Map([['w', Float32Array.of(steps)]])]]) },
});

describe('the training of a trial', () => {
  it('is kept in one file, the latest state alone, until it is dropped', async ({ folder }) => {
    expect(await loadTraining(folder, 'a')).toBeNull();
    await saveTraining(folder, 'a', stateAt(1));
    await saveTraining(folder, 'b', stateAt(7));
    await saveTraining(folder, 'a', stateAt(2));
    expect(readdirSync(join(folder, 'checkpoints')).toSorted()).toEqual(['a', 'b']);
    expect(await loadTraining(folder, 'a')).toEqual({ state: 'whole', training: stateAt(2) });
    expect(await loadTraining(folder, 'b')).toEqual({ state: 'whole', training: stateAt(7) });
    await dropTraining(folder, 'a');
    await dropTraining(folder, 'a');
    expect(await loadTraining(folder, 'a')).toBeNull();
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual(['b']);
  });

  it('is unusable where the file is damaged', async ({ folder }) => {
    await saveTraining(folder, 'a', stateAt(1));
    writeFileSync(join(folder, 'checkpoints', 'a'), 'half a state');
    expect(await loadTraining(folder, 'a')).toEqual({ state: 'unusable', reason: 'it is no training state' });
  });

  it('is refused where it cannot be kept or read', async ({ folder }) => {
    writeFileSync(join(folder, 'checkpoints'), '');
    expect(await refusalOf(() => saveTraining(folder, 'a', stateAt(1)))).toMatch(
      /checkpoints\/a cannot be written/,
    );
    expect(await refusalOf(() => loadTraining(folder, 'a'))).toMatch(
      /cannot be read: .*ENOTDIR.*begins anew/,
    );
  });
});
