/** What a GPU must have free before a training, with a GPU that is made up: none is needed to refuse one. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../../blocks/build.js';
import { PROGRAMS } from '../../../../harness/engines/pytorch/process.js';
import { trainerRequest } from '../../../../harness/engines/pytorch/requests.js';
import { elementCount } from '../../../../harness/graph/shape.js';
import { packageRoot } from '../../../../harness/package/package-root.js';
import { initialWeights } from '../../../../harness/train/initialise.js';
import { pythonIsMissing, runPython } from '../../../support/python.js';
import { stepRecipe } from '../../../support/recipe.js';
import { tinyNetwork } from '../../../support/tiny-network.js';

const missing = pythonIsMissing('torch');

/** One gibibyte is free, and half of one is kept by PyTorch. */
const PROGRAM = `
import sys, torch
sys.path.insert(0, sys.argv[1])
from trainer import require_memory
torch.cuda.mem_get_info = lambda device: (2**30, 8 * 2**30)
torch.cuda.memory_reserved = lambda device: 2**30
torch.cuda.memory_allocated = lambda device: 2**29
torch.cuda.get_device_name = lambda device: "Made Up"
for device, least in (("cpu", 2**40), ("cuda", 3 * 2**29), ("cuda", 2**31)):
    try:
        require_memory(torch.device(device), least)
        print("enough")
    except MemoryError as error:
        print(error)
`;

describe('the memory that a training needs', () => {
  it('grows with the batch, and is half as much in bf16', () => {
    const graph = tinyNetwork();
    const weights = initialWeights(graph, 0);
    const least = (batch: number, precision: 'float32' | 'bf16') =>
      trainerRequest(graph, weights, { batch, recipe: stepRecipe({ precision }) }).request.leastBytes;
    expect(least(64, 'float32')).toBe(64 * least(1, 'float32'));
    expect(least(64, 'float32')).toBe(2 * least(64, 'bf16'));
  });

  it('of MobileNetV2 at 224 px is more than its input takes, and less than all its maps', () => {
    const graph = buildNetwork('mobilenet-v2', { input: [3, 224, 224], classes: 1000 });
    const { leastBytes } = trainerRequest(graph, initialWeights(graph, 0), {
      batch: 1,
      recipe: stepRecipe(),
    }).request;
    const all = graph.nodes.reduce((sum, { shape }) => sum + 4 * elementCount(shape), 0);
    expect(leastBytes).toBeGreaterThan(4 * elementCount(graph.input.shape));
    expect(leastBytes).toBeLessThan(all);
  });

  it.skipIf(missing)(`is looked for on a GPU alone${missing ? ` (${missing})` : ''}`, () => {
    const [cpu, enough, tooLittle] = runPython(PROGRAM, new Uint8Array(), join(packageRoot(), PROGRAMS))
      .trim()
      .split('\n');
    expect([cpu, enough]).toEqual(['enough', 'enough']);
    expect(tooLittle).toBe(
      'out of memory before the first step: it takes at least 2.0 GiB, and 1.5 of the 8.0 GiB of Made Up are free',
    );
  });
});
