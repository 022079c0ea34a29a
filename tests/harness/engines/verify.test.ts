/** Every engine against onnxruntime, whose gradients are checked against central differences: TF.js differentiates by itself. */
import { describe, expect, it } from 'vitest';
import { buildAlone, buildNetwork } from '../../../blocks/build.js';
import type { AnyDefinition } from '../../../blocks/define.js';
import { findDefinition, listDefinitions } from '../../../blocks/lookup.js';
import type { Engine, Predictor, TrainerOptions } from '../../../harness/engines/engine.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { tensorflow } from '../../../harness/engines/tfjs/tensorflow.js';
import { wasm } from '../../../harness/engines/tfjs/wasm.js';
import { type EngineCheck, type VerifyOptions, verifyEngines } from '../../../harness/engines/verify.js';
import { GraphBuilder, type Value } from '../../../harness/graph/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { isMap, type MapShape, type Shape } from '../../../harness/graph/shape.js';
import { surrounded, TRAINING_CASES } from '../../support/training-cases.js';

const CLASSES = 10;
const PART_INPUT: MapShape = [16, 8, 8];
const NETWORK_INPUT: MapShape = [3, 32, 32];

/** Two stages of one block: of fewer than 16 channels, RefCO's branches have one input each and cancel to a constant. */
const SHALLOW = { preset: 'small', depths: [1, 1], widths: [16, 32] };

/** Networks that are too slow here for what they would add. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'channelnet-v3': 'takes images of 224 pixels only',
  'efficientnet-b1': 'efficientnet-b0 with more blocks',
  'fasternet-t1': 'fasternet-t0, wider',
  'fasternet-t2': 'fasternet-t0, wider',
  'mobileone-s1': 'mobileone-s0, wider, with fewer branches',
  'mobileone-s2': 'mobileone-s0, wider, with fewer branches',
  'starnet-s2': 'starnet-s1, wider',
  'starnet-s3': 'starnet-s1, deeper and wider',
  'starnet-s4': 'starnet-s1, deeper and wider',
};

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

const smallest = ({ id, options }: AnyDefinition): Graph => {
  if ('preset' in options.shape) return network(id, SHALLOW);
  const narrow = options.shape.width?.safeParse(0.25).success ? { width: 0.25 } : {};
  return network(id, narrow);
};

/**
 * A channel has few values in a small batch of small images. Where they are nearly equal, a batch norm enlarges their rounding up to
 * 300 times at its usual epsilon, again in every layer; at this one never.
 */
const wellConditioned = (graph: Graph): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) =>
    node.op.kind === 'batchNorm' ? { ...node, op: { ...node.op, epsilon: 1 } } : node,
  ),
});

const PARTS = listDefinitions()
  .filter(({ kind }) => kind !== 'network')
  .map(({ id }): [id: string, graph: Graph] => [id, classified(buildAlone(id, PART_INPUT))]);

const NETWORKS = listDefinitions('network')
  .filter(({ id }) => !(id in LEFT_OUT))
  .map((definition): [id: string, graph: Graph] => [definition.id, wellConditioned(smallest(definition))]);

const CASES = TRAINING_CASES.map((example): [name: string, graph: Graph] => [
  example.name,
  surrounded(example),
]);

const missing = (await tensorflow.describe()).state === 'missing';

const ENGINES = missing ? [wasm] : [wasm, tensorflow];

const disagreements = async (
  engines: readonly Engine[],
  graph: Graph,
  options: VerifyOptions,
): Promise<readonly (EngineCheck & { readonly engine: string })[]> => {
  const checks = await verifyEngines(onnxruntime, engines, graph, options);
  return engines.flatMap(({ id }, i) =>
    (checks[i] ?? []).filter(({ agrees }) => !agrees).map((check) => ({ engine: id, ...check })),
  );
};

/** In a deep network, a single ReLU that is open in one engine and shut in the other moves the gradient by more than rounding does. */
const NETWORK_TOLERANCE: Partial<Record<EngineCheck['what'], number>> = {
  gradient: 0.1,
  'worst gradient of a parameter': 0.3,
  loss: 1e-3,
  statistics: 1e-3,
};

describe('engines', () => {
  it.skipIf(missing)('are all compared: libtensorflow is set up', () => {
    expect(ENGINES).toContain(tensorflow);
  });

  it.each(PARTS)('compute %s and its gradients alike', async (_id, graph) => {
    expect(await disagreements(ENGINES, graph, { seed: 1, steps: 0 })).toEqual([]);
  });

  it.each(NETWORKS)('compute %s and its gradients alike', async (_id, graph) => {
    const differing = await disagreements(ENGINES, graph, { seed: 1, steps: 0 });
    expect(
      differing.filter(({ what, difference }) => !(difference < (NETWORK_TOLERANCE[what] ?? 0))),
    ).toEqual([]);
  });

  it.each(CASES)('find alike the gradients of %s', async (_name, graph) => {
    expect(await disagreements(ENGINES, graph, { seed: 2, steps: 0 })).toEqual([]);
  });

  it('have the same losses over 20 steps of training', async () => {
    expect(await disagreements(ENGINES, network('lightnet', SHALLOW), { seed: 3, steps: 20 })).toEqual([]);
  });

  it('leave out only what is registered', () => {
    for (const id of Object.keys(LEFT_OUT)) expect(findDefinition(id).id).toBe(id);
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
