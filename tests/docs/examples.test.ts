/** What docs/your-own-block.md shows is what docs/examples has, and it works. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildAlone, buildNetwork } from '../../blocks/build.js';
import { cost } from '../../harness/cost/cost.js';
import { onnxruntime } from '../../harness/engines/onnx/engine.js';
import { randomStream } from '../../harness/random.js';
import { checkDeploy, DEPLOY_TOLERANCE } from '../../harness/rewrite/check.js';
import { deployForm } from '../../harness/rewrite/deploy.js';
import { loadPart } from '../../harness/run/plan/suite/load-part.js';
import { initialWeights } from '../../harness/train/initialise.js';
import { randomValues } from '../support/random.js';
import { stepRecipe } from '../support/recipe.js';

const MY_BLOCK = 'docs/examples/my-block.ts';
const MY_OPERATOR = 'docs/examples/my-operator.ts';
const MY_SUITE = 'docs/examples/my-suite.ts';

const bn = (channels: number) => 2 * channels;

describe('the page on own blocks', () => {
  it.each([MY_BLOCK, MY_OPERATOR, MY_SUITE])('shows %s as it is', (file) => {
    const page = readFileSync('docs/your-own-block.md', 'utf8');
    expect(page).toContain(`\`\`\`ts\n${readFileSync(file, 'utf8').trim()}\n\`\`\``);
  });

  it('keeps its promise of twenty lines', () => {
    expect(readFileSync(MY_BLOCK, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(20);
  });
});

describe('the example of a block', () => {
  it('has the parameters of its branches in training, and of one projection at inference', async () => {
    const trained = buildAlone(await loadPart(MY_BLOCK), [16, 8, 8]);
    const [c, h] = [16, 48];
    const before = c * h + bn(h) + 9 * h + bn(h);
    expect(cost(trained).params).toBe(before + 2 * (h * c + bn(c)));
    const merged = c * h + h + 9 * h + h + h * c + c;
    expect(cost(deployForm(trained).graph).params).toBe(merged);
  });

  it('trains in LightNet and computes the same in both forms', async () => {
    const graph = buildNetwork(
      {
        id: 'lightnet',
        set: { preset: 'small', depths: [1, 1], widths: [8, 16], block: await loadPart(MY_BLOCK) },
      },
      { input: [1, 16, 16], classes: 10 },
    );
    const trainer = await onnxruntime.createTrainer(graph, initialWeights(graph, 1), {
      batch: 4,
      threads: 1,
      recipe: stepRecipe(),
    });
    const batch = { images: randomValues(4 * 256, 2), labels: Int32Array.of(0, 1, 2, 3), count: 4 };
    const first = await trainer.step(batch, 0.05);
    for (let step = 0; step < 10; step++) await trainer.step(batch, 0.05);
    const last = await trainer.step(batch, 0.05);
    expect(last.loss).toBeLessThan(first.loss);
    const weights = await trainer.weights();
    await trainer.dispose();
    const check = await checkDeploy(onnxruntime, graph, weights, deployForm(graph), randomStream(3));
    expect(check.maxRelativeDifference).toBeLessThan(DEPLOY_TOLERANCE);
  });
});

describe('the example of an operator', () => {
  it('is one depthwise convolution at inference, at any stride and in the slot of a block', async () => {
    const cross = await loadPart(MY_OPERATOR);
    const [, ...deployed] = deployForm(buildAlone(cross, [8, 9, 9], { stride: 2 })).graph.nodes;
    expect(deployed.map(({ op }) => op)).toMatchObject([{ kind: 'conv2d', kernel: [3, 3], groups: 8 }]);
    const block = buildAlone({ id: await loadPart(MY_BLOCK), set: { spatial: cross } }, [8, 9, 9]);
    expect(block.nodes.map(({ path }) => path)).toContain('spatial.row.conv');
  });
});
