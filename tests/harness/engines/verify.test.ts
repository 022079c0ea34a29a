/** Every engine against onnxruntime, whose gradients are checked against central differences: TF.js differentiates by itself. */
import { describe, expect, it } from 'vitest';
import { buildAlone, buildNetwork } from '../../../blocks/build.js';
import { listDefinitions } from '../../../blocks/lookup.js';
import type { Engine, Predictor, TrainerOptions } from '../../../harness/engines/engine.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { wasm } from '../../../harness/engines/tfjs/wasm.js';
import { type EngineCheck, verifyEngine } from '../../../harness/engines/verify.js';
import { GraphBuilder, type Value } from '../../../harness/graph/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { isMap, type MapShape, type Shape } from '../../../harness/graph/shape.js';
import { surrounded, TRAINING_CASES } from '../../support/training-cases.js';

const CLASSES = 10;
const PART_INPUT: MapShape = [16, 8, 8];
const NETWORK_INPUT: MapShape = [3, 32, 32];

/** Two stages of one block: a channel of fewer than 16 leaves RefCO branches of one input, which cancel to a constant. */
const SHALLOW = { preset: 'small', depths: [1, 1], widths: [16, 32] };

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

const network = (id: string, set = {}): Graph =>
  buildNetwork({ id, set }, { input: NETWORK_INPUT, classes: CLASSES });

/** Everything that is registered, networks as small as they can be made. */
const ENTRIES = listDefinitions().map(({ id, kind, options }): [id: string, graph: Graph] => {
  if (kind !== 'network') return [id, classified(buildAlone(id, PART_INPUT))];
  return [id, network(id, 'preset' in options.shape ? SHALLOW : {})];
});

const CASES = TRAINING_CASES.map((example): [name: string, graph: Graph] => [
  example.name,
  surrounded(example),
]);

const disagreements = (checks: readonly EngineCheck[]): readonly EngineCheck[] =>
  checks.filter(({ agrees }) => !agrees);

describe.each([wasm])('the engine $id', (engine) => {
  it.each(ENTRIES)('computes %s, and its gradients, as onnxruntime does', async (_id, graph) => {
    const checks = await verifyEngine(onnxruntime, engine, graph, { seed: 1, steps: 0 });
    expect(disagreements(checks)).toEqual([]);
  });

  it.each(CASES)('finds the gradients of %s that our rules state', async (_name, graph) => {
    const checks = await verifyEngine(onnxruntime, engine, graph, { seed: 2, steps: 0 });
    expect(disagreements(checks)).toEqual([]);
  });

  it('has the losses of onnxruntime over 20 steps of training', async () => {
    const checks = await verifyEngine(onnxruntime, engine, network('lightnet', SHALLOW), {
      seed: 3,
      steps: 20,
    });
    expect(checks.map(({ what }) => what)).toContain('training');
    expect(disagreements(checks)).toEqual([]);
  });
});

describe('verification', () => {
  const graph = network('lightnet', SHALLOW);
  const failed = async (engine: Engine): Promise<readonly string[]> => {
    const checks = await verifyEngine(onnxruntime, engine, graph, { seed: 4, steps: 3 });
    return disagreements(checks).map(({ what }) => what);
  };

  it('finds no difference of an engine from itself', async () => {
    const checks = await verifyEngine(onnxruntime, onnxruntime, graph, { seed: 4, steps: 3 });
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
    expect(await failed(withRecipe({ momentum: 0.8 }))).toContain('training');
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
