import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInt8Predictor } from '../../../../../harness/engines/onnx/int8/session.js';
import { GraphBuilder, type Value } from '../../../../../harness/graph/build/builder.js';
import type { Graph } from '../../../../../harness/graph/graph.js';
import { isMap, type MapShape, type Shape } from '../../../../../harness/graph/shape.js';
import { deployForm } from '../../../../../harness/rewrite/deploy.js';
import { WEIGHT_SCALES } from '../../../../../results/training/int8.js';
import {
  checkedNodes,
  expectedIntegers,
  isExact,
  randomlyQuantised,
  runObserved,
  stepsApart,
} from '../../../../support/int8.js';
import { OP_GRAPHS } from '../../../../support/op-graphs.js';
import { randomWeights } from '../../../../support/random.js';

const graphOf = (shape: MapShape, build: (g: GraphBuilder, x: Value) => Value<Shape>): Graph => {
  const g = GraphBuilder.create();
  return g.finish(build(g, g.input(shape)));
};

/** Of every node that is computed in integers, by how many steps onnxruntime is off, and by how many it may be. */
const differences = async (graph: Graph, seed: number, scales: (typeof WEIGHT_SCALES)[number]) => {
  const deployed = deployForm(graph);
  const weights = deployed.convert(randomWeights(graph, seed));
  const { form, image } = await randomlyQuantised(deployed.graph, weights, scales);
  const { integers } = await runObserved(form, image, true);
  return checkedNodes(form).map((node) => ({
    path: node.path,
    steps: stepsApart(integers.get(node.id) ?? new Uint8Array(), expectedIntegers(form, node, integers)),
    allowed: isExact(form, node) ? 0 : 1,
  }));
};

const tooFar = (all: Awaited<ReturnType<typeof differences>>) =>
  all.filter(({ steps, allowed }) => steps > allowed);

/**
 * The same on what a convolution gives, so that there are quantised values to move and to clamp; and for a layer with weights after it where
 * asked: then onnxruntime carries the layout of its convolutions through the operation.
 */
const behindConvolution = (graph: Graph, layerAfter = false): Graph => {
  const g = GraphBuilder.create();
  const values: Value<Shape>[] = [];
  for (const { path, op, inputs } of graph.nodes) {
    const [channels] = graph.input.shape;
    values.push(
      op.kind === 'input'
        ? g.conv2d('before', g.input(op.shape), {
            outChannels: channels,
            kernel: 1,
            groups: channels,
            bias: true,
          })
        : g.append(
            path,
            op,
            inputs.flatMap((id) => values[id] ?? []),
          ),
    );
  }
  const last = values.at(-1) ?? graph.output;
  if (!layerAfter) return g.finish(last);
  return g.finish(
    isMap(last.shape)
      ? g.append('after', { kind: 'conv2d', ...ONE_TAP, outChannels: 3, bias: true }, [last])
      : g.dense('after', last, 3),
  );
};

const ONE_TAP = { kernel: [1, 1], stride: [1, 1], dilation: [1, 1], padding: [0, 0], groups: 1 } as const;

const ALL_GRAPHS = Object.entries(OP_GRAPHS).flatMap(([kind, graphs]) =>
  Object.entries(graphs).flatMap(([name, graph]) => [
    [`${kind}, ${name}`, graph] as const,
    [`${kind}, ${name}, on what a convolution gives`, behindConvolution(graph)] as const,
    [`${kind}, ${name}, and for a layer after it`, behindConvolution(graph, true)] as const,
  ]),
);

describe('the integer kernels of onnxruntime', () => {
  it.each(ALL_GRAPHS)('give what integer arithmetic says: %s', async (_name, graph) => {
    for (const scales of WEIGHT_SCALES) expect(tooFar(await differences(graph, 7, scales))).toEqual([]);
  });

  it('sum the products of any convolution exactly, with a clamp or without', async () => {
    const convolutions = fc.record({
      groups: fc.integer({ min: 1, max: 4 }),
      inGroup: fc.integer({ min: 1, max: 9 }),
      outGroup: fc.integer({ min: 1, max: 5 }),
      kernel: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      stride: fc.integer({ min: 1, max: 2 }),
      dilation: fc.integer({ min: 1, max: 2 }),
      clamp: fc.constantFrom(null, 'relu' as const, 'relu6' as const),
      scales: fc.constantFrom(...WEIGHT_SCALES),
      seed: fc.integer({ min: 0, max: 1000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        convolutions,
        async ({ groups, inGroup, outGroup, clamp, scales, seed, ...attributes }) => {
          const graph = graphOf([groups * inGroup, 9, 8], (g, x) => {
            const { kernel, stride, dilation } = attributes;
            const options = { kernel, stride, dilation, groups, outChannels: groups * outGroup, bias: true };
            const y = g.conv2d('c', x, options);
            return clamp === null ? y : g.activation('a', y, clamp);
          });
          expect(tooFar(await differences(graph, seed, scales))).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  /** A value that is looked at holds its layout: what onnxruntime carries through an operation, it carries only past unobserved ones. */
  it.each(ALL_GRAPHS)('give the same when nothing is looked at: %s', async (_name, graph) => {
    const deployed = deployForm(graph);
    const { form, image } = await randomlyQuantised(
      deployed.graph,
      deployed.convert(randomWeights(graph, 5)),
    );
    const predictor = await createInt8Predictor(form, { batch: 1, threads: 1 });
    const output = Float32Array.from(await predictor.run(image));
    await predictor.dispose();
    expect(output).toEqual((await runObserved(form, image, true)).output);
  });

  it('agree with the float32 simulation that the model is without optimisation', async () => {
    for (const [name, graph] of ALL_GRAPHS) {
      const deployed = deployForm(graph);
      const weights = deployed.convert(randomWeights(graph, 3));
      const { form, image } = await randomlyQuantised(deployed.graph, weights);
      const [fused, simulated] = [
        await runObserved(form, image, true),
        await runObserved(form, image, false),
      ];
      for (const node of checkedNodes(form)) {
        // What is one step apart may differ by more further on, where it is multiplied.
        const before = Math.max(
          0,
          ...node.inputs.map((id) =>
            stepsApart(
              fused.integers.get(id) ?? new Uint8Array(),
              simulated.integers.get(id) ?? new Uint8Array(),
            ),
          ),
        );
        if (before > 0) continue;
        const [one, other] = [fused.integers.get(node.id), simulated.integers.get(node.id)];
        expect([
          name,
          node.path,
          stepsApart(one ?? new Uint8Array(), other ?? new Uint8Array()) <= 1,
        ]).toEqual([name, node.path, true]);
      }
    }
  });
});
