/** Weights exchanged with torchvision and timm, both ways. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { buildNetwork } from '../../blocks/build.js';
import { exportOnnx } from '../../harness/engines/onnx/export.js';
import { foreignWeightsFile, readWeights } from '../../harness/weights/files.js';
import type { Counterpart } from '../blocks/networks/counterparts.js';
import { runTorch } from './torch.js';

/** Of the largest logit, as between our network and theirs in the parity test. */
const TOLERANCE = 1e-4;

/**
 * Weights of each library are read, give its logits in our network, and written again under its names are taken strictly and give the very
 * same.
 */
export const exchangeWeights = async (
  folder: string,
  counterparts: Readonly<Record<string, Counterpart>>,
): Promise<void> => {
  const entries = Object.entries(counterparts).map(([id, counterpart], index) => ({
    ...{ id, options: {}, size: 64, ...counterpart },
    ours: join(folder, `${index}.onnx`),
    weights: join(folder, `${index}.safetensors`),
    theirs: join(folder, `${index}-theirs.safetensors`),
  }));
  runTorch('weights.py', entries);
  for (const { id, loader, size, ours, weights: file, theirs } of entries) {
    const graph = buildNetwork(id, { input: [3, size, size], classes: 1000 });
    const [network = id] = id.split('(');
    const { weights } = await readWeights(theirs, { network, graph });
    writeFileSync(ours, exportOnnx(graph, weights, { batch: null, outputName: 'logits' }));
    writeFileSync(file, foreignWeightsFile({ network, graph }, weights, loader, {}));
  }
  const differences = z.array(z.number()).parse(runTorch('weights.py', entries));
  for (const [index, { id }] of entries.entries()) {
    expect.soft(differences[index], id).toBeLessThan(TOLERANCE);
  }
};
