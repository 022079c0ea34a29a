import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../../harness/engines/engine.js';
import { PROGRAMS } from '../../../../harness/engines/pytorch/process.js';
import type { Graph } from '../../../../harness/graph/graph.js';
import { elementCount } from '../../../../harness/graph/shape.js';
import { packageRoot } from '../../../../harness/package/package-root.js';
import { runPython } from '../../../support/python.js';
import { randomValues, randomWeights } from '../../../support/random.js';
import { stepRecipe } from '../../../support/recipe.js';
import { torchEngineIsMissing, torchOnCpu } from '../../../support/torch-engine.js';
import { CLASSES, surrounded, TRAINING_CASES } from '../../../support/training-cases.js';

const BATCH = 4;
const STEPS = 3;

/** All that two steps leave. */
const trained = async (graph: Graph, deterministic: boolean): Promise<Checkpoint> => {
  const trainer = await torchOnCpu.createTrainer(graph, randomWeights(graph, 1), {
    batch: BATCH,
    threads: 2,
    recipe: stepRecipe({ deterministic }),
  });
  for (let step = 0; step < STEPS; step += 1) {
    const images = randomValues(BATCH * elementCount(graph.input.shape), step);
    const labels = Int32Array.from({ length: BATCH }, (_, i) => i % CLASSES);
    await trainer.step({ images, labels, count: BATCH }, 0.05);
  }
  const checkpoint = await trainer.checkpoint();
  await trainer.dispose();
  return checkpoint;
};

const PROGRAM = `
import sys, torch
sys.path.insert(0, sys.argv[1])
from trainer import be_deterministic
for wanted in (True, False):
    be_deterministic(wanted)
    print(torch.get_deterministic_debug_mode(), torch.backends.cudnn.deterministic)
`;

const missing = torchEngineIsMissing;

describe.skipIf(missing)(`deterministic training by PyTorch${missing ? ` (${missing})` : ''}`, () => {
  it.each(TRAINING_CASES.map((one) => [one.name, surrounded(one)] as const))(
    'repeats itself to the bit, as training on the CPU does without it: %s',
    async (_name, graph) => {
      const once = await trained(graph, true);
      expect(await trained(graph, true)).toEqual(once);
      expect(await trained(graph, false)).toEqual(once);
    },
  );

  it('refuses algorithms that are not, in the whole process and until it is told otherwise', () => {
    const told = runPython(PROGRAM, new Uint8Array(), join(packageRoot(), PROGRAMS));
    expect(told.trim().split('\n')).toEqual(['2 True', '0 False']);
  });
});
