import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { buildNetwork } from '../../../blocks/build.js';
import { fingerprint, skeletonFingerprint } from '../../../harness/graph/print.js';
import { loadBlockFolder } from '../../../harness/import/block/block-folder.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { importedGraph, writeBlockFolder } from '../../support/block-folder.js';
import { it } from '../../support/folder.js';
import { makeNamedPipe } from '../../support/named-pipe.js';
import { randomWeights } from '../../support/random.js';
import { refusalOf } from '../../support/refusal.js';

const SITE = { input: [1, 32, 32], classes: 10 } as const;

const SKELETON = { set: { preset: 'small' }, site: SITE };

const networkOf = async (folder: string, init: 'seed' | 'file') =>
  buildNetwork(
    { id: 'lightnet', set: { preset: 'small', block: { id: await loadBlockFolder(folder), set: { init } } } },
    SITE,
  );

describe('a block from PyTorch', () => {
  it('starts from the weights of its place where it is told to, and the skeleton from the seed', async ({
    folder,
  }) => {
    const places = writeBlockFolder(folder, 5, SKELETON);
    const graph = await networkOf(folder, 'file');
    const [weights, random] = [initialWeights(graph, 1), initialWeights(await networkOf(folder, 'seed'), 1)];
    let inBlocks = 0;
    for (const [path, values] of weights) {
      const block = graph.nodes.find((node) => path.startsWith(`${node.path}.`))?.block;
      if (block === undefined) {
        expect(values, path).toEqual(random.get(path));
        continue;
      }
      const candidates = places.map((place, i) =>
        randomWeights(importedGraph(place), 5 + i).get(path.slice(block.length + 1)),
      );
      expect(candidates, path).toContainEqual(values);
      inBlocks += 1;
    }
    expect(inBlocks).toBeGreaterThan(0);
  });

  it('is refused, and not waited for, where its manifest is a named pipe', async ({ folder }) => {
    await makeNamedPipe(join(folder, 'block.json'));
    expect(await refusalOf(() => loadBlockFolder(folder))).toMatch(
      /block\.json is a named pipe, not a file\./,
    );
  });

  it('is another trial with other weights, in the same skeleton', async ({ folder }) => {
    writeBlockFolder(folder, 5, SKELETON);
    const [seed, first] = [await networkOf(folder, 'seed'), await networkOf(folder, 'file')];
    writeBlockFolder(folder, 50, SKELETON);
    const second = await networkOf(folder, 'file');
    const graphs = [seed, first, second];
    expect(seed.initial).toBeUndefined();
    expect(new Set(graphs.map(fingerprint)).size).toBe(3);
    expect(new Set(graphs.map(skeletonFingerprint)).size).toBe(1);
  });
});
