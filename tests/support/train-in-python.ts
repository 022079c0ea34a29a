/** Child process of the test of the engine pytorch: it trains until it is killed. */
import { initialWeights } from '../../harness/train/initialise.js';
import { stepRecipe } from './recipe.js';
import { tinyNetwork } from './tiny-network.js';
import { torchOnCpu } from './torch-engine.js';

const BATCH = 2048;
const graph = tinyNetwork();
const trainer = await torchOnCpu.createTrainer(graph, initialWeights(graph, 0), {
  batch: BATCH,
  threads: 1,
  recipe: stepRecipe(),
});
const images = new Float32Array(BATCH * 144);
for (;;) {
  await trainer.step({ images, labels: new Int32Array(BATCH), count: BATCH }, 0.01);
  console.log('a step');
}
