/** Folders as `lightbench import` writes them, without PyTorch. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAlone } from '../../blocks/build.js';
import type { NetworkSite, OptionValue } from '../../blocks/part.js';
import { exportOnnx } from '../../harness/engines/onnx/export.js';
import type { Graph } from '../../harness/graph/graph.js';
import { MANIFEST, type Place } from '../../harness/import/block/block-folder.js';
import { placesOf } from '../../harness/import/block/places.js';
import { randomWeights } from './random.js';

/** The skeleton for whose places a block was imported. */
export interface Skeleton {
  readonly set: Readonly<Record<string, OptionValue>>;
  readonly site: NetworkSite;
}

/** What stands at a place. */
export const importedGraph = ({ input, ...site }: Place): Graph => buildAlone('sandglass', input, site);

/** A block for every place of the skeleton, with weights of this seed and the next. */
export const writeBlockFolder = (folder: string, seed: number, { set, site }: Skeleton): readonly Place[] => {
  const places = placesOf('lightnet', set, site);
  for (const [i, place] of places.entries()) {
    const graph = importedGraph(place);
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
