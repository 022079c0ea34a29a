import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { buildAlone, buildNetwork } from '../../../blocks/build.js';
import { exportOnnx } from '../../../harness/engines/onnx/export.js';
import { fingerprint, skeletonFingerprint } from '../../../harness/graph/print.js';
import { loadBlockFolder, MANIFEST, type Place } from '../../../harness/import/block/block-folder.js';
import { placesOf } from '../../../harness/import/block/places.js';
import { initialWeights } from '../../../harness/train/initialise.js';
import { it } from '../../support/folder.js';
import { randomWeights } from '../../support/random.js';

const SITE = { input: [1, 32, 32], classes: 10 } as const;

const BLOCK = 'sandglass';

const graphAt = ({ input, ...site }: Place) => buildAlone(BLOCK, input, site);

/** A folder as `lightbench import` writes it, with weights of this seed at every place. */
const written = (folder: string, seed: number): readonly Place[] => {
  const places = placesOf('lightnet', { preset: 'small' }, SITE);
  for (const [i, place] of places.entries()) {
    const graph = graphAt(place);
    const bytes = exportOnnx(graph, randomWeights(graph, seed + i), { batch: null, outputName: 'output' });
    writeFileSync(join(folder, `place-${i + 1}.onnx`), bytes);
  }
  const manifest = {
    ...{ id: 'my-block', source: 'my_block.py:MyBlock', torch: '2.0' },
    places: places.map((place, i) => ({ ...place, file: `place-${i + 1}.onnx` })),
  };
  writeFileSync(join(folder, MANIFEST), JSON.stringify(manifest));
  return places;
};

const networkOf = async (folder: string, init: 'seed' | 'file') =>
  buildNetwork(
    { id: 'lightnet', set: { preset: 'small', block: { id: await loadBlockFolder(folder), set: { init } } } },
    SITE,
  );

describe('a block from PyTorch', () => {
  it('starts from the weights of its place where it is told to, and the skeleton from the seed', async ({
    folder,
  }) => {
    const places = written(folder, 5);
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
        randomWeights(graphAt(place), 5 + i).get(path.slice(block.length + 1)),
      );
      expect(candidates, path).toContainEqual(values);
      inBlocks += 1;
    }
    expect(inBlocks).toBeGreaterThan(0);
  });

  it('is another trial with other weights, in the same skeleton', async ({ folder }) => {
    written(folder, 5);
    const [seed, first] = [await networkOf(folder, 'seed'), await networkOf(folder, 'file')];
    written(folder, 50);
    const second = await networkOf(folder, 'file');
    const graphs = [seed, first, second];
    expect(seed.initial).toBeUndefined();
    expect(new Set(graphs.map(fingerprint)).size).toBe(3);
    expect(new Set(graphs.map(skeletonFingerprint)).size).toBe(1);
  });
});
