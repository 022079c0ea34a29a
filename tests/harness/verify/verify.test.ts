/** Every engine against onnxruntime, whose gradients are checked against central differences: TF.js differentiates by itself. */
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { listDefinitions } from '../../../blocks/lookup.js';
import type { Engine, Predictor, TrainerOptions } from '../../../harness/engines/engine.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { tensorflow } from '../../../harness/engines/tfjs/tensorflow.js';
import { GraphBuilder, type Value } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { isMap, type MapShape, type Shape } from '../../../harness/graph/shape.js';
import { verifyEngines } from '../../../harness/verify/verify.js';
import {
  CLASSES,
  disagreements,
  ENGINES,
  missing,
  network,
  SHALLOW,
} from '../../support/engines-compared.js';
import { surrounded, TRAINING_CASES } from '../../support/training-cases.js';

const PART_INPUT: MapShape = [16, 8, 8];

/** A part as a network: its map feeds a classifier. */
const classified = (part: Graph): Graph => {
  const g = GraphBuilder.create();
  const values: Value<Shape>[] = [];
  for (const node of part.nodes)
    values.push(
      g.append(
        node.path,
        node.op,
        node.inputs.map((id) => valueAt(values, id)),
      ),
    );
  const { id, shape } = valueAt(values, part.output.id);
  if (!isMap(shape)) throw new TypeError('A part gives a map.');
  return g.finish(g.dense('classifier.dense', g.flatten('classifier.flatten', { id, shape }), CLASSES));
};

const valueAt = (values: readonly Value<Shape>[], id: number): Value<Shape> => {
  const value = values[id];
  if (!value) throw new RangeError(`There is no value ${id}.`);
  return value;
};

const PARTS = listDefinitions()
  .filter(({ kind }) => kind !== 'network')
  .map(({ id }): [id: string, graph: Graph] => [id, classified(buildAlone(id, PART_INPUT))]);

const CASES = TRAINING_CASES.map((example): [name: string, graph: Graph] => [
  example.name,
  surrounded(example),
]);

describe('engines', () => {
  it.skipIf(missing)('are all compared: libtensorflow is set up', () => {
    expect(ENGINES).toContain(tensorflow);
  });

  it.each(PARTS)('compute %s and its gradients alike', async (_id, graph) => {
    expect(await disagreements(ENGINES, graph, { seed: 1, steps: 0 })).toEqual([]);
  });

  it.each(CASES)('find alike the gradients of %s', async (_name, graph) => {
    expect(await disagreements(ENGINES, graph, { seed: 2, steps: 0 })).toEqual([]);
  });

  it('have the same losses over 20 steps of training', async () => {
    expect(await disagreements(ENGINES, network('lightnet', SHALLOW), { seed: 3, steps: 20 })).toEqual([]);
  });
});

describe('verification', () => {
  const graph = network('lightnet', SHALLOW);
  const failed = async (engine: Engine): Promise<readonly string[]> => {
    const differing = await disagreements([engine], graph, { seed: 4, steps: 3 });
    return differing.map(({ what }) => what);
  };

  it('finds no difference of an engine from itself, in anything', async () => {
    const [checks = []] = await verifyEngines(onnxruntime, [onnxruntime], graph, { seed: 4, steps: 3 });
    expect(checks.map(({ what }) => what)).toContain('training');
    expect(checks.map(({ difference }) => difference)).toEqual(checks.map(() => 0));
  });

  it('notices outputs that are off by a thousandth', async () => {
    const off: Engine = {
      ...onnxruntime,
      createPredictor: async (...job) => {
        const predictor = await onnxruntime.createPredictor(...job);
        const run: Predictor['run'] = async (images) => (await predictor.run(images)).map((v) => v * 1.001);
        return { ...predictor, run };
      },
    };
    expect(await failed(off)).toEqual(['outputs']);
  });

  it('notices an optimiser of another momentum, and a loss without smoothing', async () => {
    const withRecipe = (change: Partial<TrainerOptions['recipe']>): Engine => ({
      ...onnxruntime,
      createTrainer: (of, weights, options) =>
        onnxruntime.createTrainer(of, weights, { ...options, recipe: { ...options.recipe, ...change } }),
    });
    expect(await failed(withRecipe({ optimizer: { kind: 'sgd', momentum: 0.8, nesterov: true } }))).toContain(
      'training',
    );
    expect(await failed(withRecipe({ labelSmoothing: 0 }))).toEqual(
      expect.arrayContaining(['loss', 'gradient', 'training']),
    );
  });

  it('notices running statistics that stand still', async () => {
    const still: Engine = {
      ...onnxruntime,
      createTrainer: async (of, weights, options) => {
        const trainer = await onnxruntime.createTrainer(of, weights, options);
        const kept = [...weights].filter(([path]) => path.includes('.running_'));
        return { ...trainer, weights: async () => new Map([...(await trainer.weights()), ...kept]) };
      },
    };
    expect(await failed(still)).toEqual(['statistics']);
  });
});
