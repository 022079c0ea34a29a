/**
 * Epochs of batches from a folder of images, 2,000 images at the least, after a warm-up of three batches; with `load-torch`, as tensors in the
 * Python process of the engine `pytorch`; with `load-gpu`, unpainted, as for a GPU, in the same process, with `sent-gpu` without its mapping
 * their file; or, with `hold-up`, how long a training waits for them.
 *
 *   image-folder-peer.mjs FOLDER load|load-torch|load-gpu|sent-gpu|hold-up
 */
import { readFileSync } from 'node:fs';
import { trainBatches, unpaintedTrainBatches } from '../../dist/harness/data/batches/batches.js';
import { canvasPool } from '../../dist/harness/data/batches/canvas-pool.js';
import { prefetched } from '../../dist/harness/data/batches/prefetch.js';
import { loadImageFolder } from '../../dist/harness/data/folder/image-folder.js';

const [folder, task] = process.argv.slice(2);
const loaded = await loadImageFolder(folder);
const { located: _, ...readTrain } = loaded.splits.train;
const dataset = task === 'sent-gpu' ? { ...loaded, splits: { ...loaded.splits, train: readTrain } } : loaded;
const BATCH = task === 'hold-up' ? 16 : 64;
const augmentation = { flip: true, shift: 0, crop: 'random-resized', erase: 0, mixup: 0 };
const canvases = canvasPool();
const epoch = (number) => {
  const options = { seed: 1, epoch: number, batch: BATCH, size: 224, augmentation };
  return prefetched(
    task === 'load-gpu' || task === 'sent-gpu'
      ? unpaintedTrainBatches(dataset, options)
      : trainBatches(dataset, { ...options, canvases }),
  );
};

const LEAST_IMAGES = 2000;
const TICKS_A_SECOND = 100;

/** Of the Python process, the only one that this one has begun. */
const pythonSeconds = () => {
  const [child] = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  const fields = readFileSync(`/proc/${child}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
};

const processorSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6 + (task === 'load' ? 0 : pythonSeconds());
};

/** Sends arrays to the Python process, which reads them and throws them away. */
const sender = async () => {
  const { pythonProcess } = await import('../../dist/harness/engines/pytorch/process.js');
  const python = await pythonProcess();
  const nobody = { ask: 'forget', handle: python.newHandle(), threads: 1 };
  return (arrays, painting) => python.ask({ ...nobody, painting }, arrays);
};

const unpainted = async () => {
  const send = await sender();
  const { paintRequest } = await import('../../dist/harness/engines/pytorch/painting.js');
  return async (images) => {
    const { painting, payload } = paintRequest(images);
    await send(payload, painting);
  };
};

/** What becomes of the images of a batch, by the task. */
const TAKERS = {
  load: async () => async (images) => canvases.give(images),
  'load-torch': async () => {
    const send = await sender();
    return async (images) => {
      await send([images]);
      canvases.give(images);
    };
  },
  'load-gpu': unpainted,
  'sent-gpu': unpainted,
};

if (task in TAKERS) {
  const take = await TAKERS[task]();
  let warm = 0;
  for await (const { images } of epoch(1)) {
    await take(images);
    warm += 1;
    if (warm === 3) break;
  }
  const [used, start] = [processorSeconds(), performance.now()];
  let images = 0;
  for (let number = 2; images < LEAST_IMAGES; number += 1) {
    for await (const batch of epoch(number)) {
      await take(batch.images);
      images += batch.count;
    }
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ images, seconds, processorSeconds: processorSeconds() - used }));
  process.exit();
} else {
  const { buildNetwork } = await import('../../dist/blocks/build.js');
  const { onnxruntime } = await import('../../dist/harness/engines/onnx/engine.js');
  const { recipeSchema } = await import('../../dist/harness/recipe/recipe.js');
  const { initialWeights } = await import('../../dist/harness/train/initialise.js');
  const graph = buildNetwork({ id: 'lightnet' }, { input: [3, 224, 224], classes: dataset.classes.length });
  const recipe = recipeSchema.parse({
    epochs: 1,
    batch: BATCH,
    learningRate: 0.05,
    augmentation: { shift: 0 },
  });
  const trainer = await onnxruntime.createTrainer(graph, initialWeights(graph, 0), {
    batch: BATCH,
    threads: 1,
    recipe,
  });
  const STEPS = 16;
  const here = [];
  for await (const batch of epoch(1)) {
    here.push(batch);
    if (here.length === 2) break;
  }
  await trainer.step(here[0], 0.05);
  const timed = async (batches) => {
    const start = performance.now();
    let steps = 0;
    for await (const batch of batches) {
      await trainer.step(batch, 0.05);
      if (!here.includes(batch)) canvases.give(batch.images);
      steps += 1;
      if (steps === STEPS) break;
    }
    return (performance.now() - start) / 1000;
  };
  const repeated = async function* () {
    for (;;) yield* here;
  };
  const ratios = [];
  for (let round = 1; round <= 3; round += 1) {
    const without = await timed(repeated());
    const loading = await timed(epoch(round + 1));
    ratios.push(loading / without);
    console.log(
      `${folder}: ${STEPS} steps of ${BATCH}: ${without.toFixed(2)} s, with loading ${loading.toFixed(2)} s`,
    );
  }
  console.log(`median: ${(100 * (ratios.sort((a, b) => a - b)[1] - 1)).toFixed(1)} % longer`);
  await trainer.dispose();
}
