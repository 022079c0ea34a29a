import { describe, expect, it } from 'vitest';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { GraphBuilder, type Value } from '../../../harness/graph/build/builder.js';
import type { Graph } from '../../../harness/graph/graph.js';
import { graphParameters, type Weights } from '../../../harness/graph/parameters.js';
import { randomStream } from '../../../harness/random.js';
import { checkDeploy, DEPLOY_TOLERANCE } from '../../../harness/rewrite/check.js';
import { type DeployForm, deployForm } from '../../../harness/rewrite/deploy.js';
import { hasInitialStatistics, randomStatistics } from '../../../harness/rewrite/statistics.js';
import { CATALOGUE } from '../../support/catalogue.js';
import { randomWeights, untrainedWeights } from '../../support/random.js';

const deepNetwork = (): Graph => {
  const g = GraphBuilder.create();
  let x = g.conv2d('stem', g.input([3, 16, 16]), { outChannels: 16, kernel: 3, stride: 2 });
  for (let i = 0; i < 12; i++) x = residual(g.scope(i), x);
  return g.finish(g.dense('classifier', g.flatten('flatten', g.globalAvgPool('pool', x)), 10));
};

const residual = (g: GraphBuilder, x: Value): Value => {
  const wide = g.conv2d('expand.conv', x, { outChannels: 32, kernel: 1 });
  const y = g.activation('act', g.batchNorm('expand.bn', wide), 'relu');
  const branch = (name: string, kernel: number): Value =>
    g.batchNorm(`${name}.bn`, g.conv2d(`${name}.conv`, y, { outChannels: 32, kernel, groups: 32 }));
  const sum = g.add('sum', branch('square', 3), branch('point', 1), g.batchNorm('identity.bn', y));
  const narrow = g.conv2d('project.conv', sum, { outChannels: 16, kernel: 1 });
  return g.add('add', x, g.batchNorm('project.bn', narrow));
};

const graph = deepNetwork();
const deployed = deployForm(graph);
const trained = randomWeights(graph, 1);
const untrained = untrainedWeights(graph, 1);

const check = (weights: Weights, form: DeployForm) =>
  checkDeploy(onnxruntime, graph, weights, form, randomStream(2));

/** The deploy form with one parameter changed after the conversion. */
const broken = (path: string, change: (value: number) => number): DeployForm => ({
  ...deployed,
  convert: (weights) => {
    const converted = new Map(deployed.convert(weights));
    const values = converted.get(path);
    if (!values) throw new Error(`${path} is gone`);
    return converted.set(path, values.map(change));
  },
});

describe('checkDeploy', () => {
  it.each([
    ['trained', trained],
    ['untrained', untrained],
  ])('passes a right conversion of %s weights', async (_name, weights) => {
    const { maxRelativeDifference, tolerance } = await check(weights, deployed);
    expect(tolerance).toBe(DEPLOY_TOLERANCE);
    expect(maxRelativeDifference).toBeLessThan(tolerance / 10);
    // Two different programs in float32 that agree to the last bit would mean that one of them was not run.
    expect(maxRelativeDifference).toBeGreaterThan(0);
  });

  it('names the first node of a wrong conversion', async () => {
    const wrong = broken('5.sum.bias', (value) => value * 1.1);
    await expect(check(trained, wrong)).rejects.toThrow(
      /first node that differs is 5\.sum \(conv2d\), which stands for 5\.sum \(add\)/,
    );
  });

  it('finds a conversion that forgets the batch norms, though they stand at their initial values', async () => {
    const forgetful = broken('3.expand.conv.bias', () => 0);
    await expect(check(untrained, forgetful)).rejects.toThrow(
      /3\.expand\.conv .* 3\.expand\.bn \(batchNorm\)/,
    );
  });

  it('refuses outputs that are not numbers or all zero', async () => {
    const notNumbers = broken('classifier.bias', () => Number.NaN);
    await expect(check(trained, notNumbers)).rejects.toThrow(/differ by NaN/);
    const zero = new Map([...trained].map(([path, values]) => [path, values.map(() => 0)]));
    zero.set('0.expand.bn.running_var', new Float32Array(32).fill(2));
    await expect(check(zero, deployed)).rejects.toThrow(/differ by NaN/);
    const diverged = new Map(trained).set('classifier.bias', new Float32Array(10).fill(Number.NaN));
    await expect(check(diverged, deployed)).rejects.toThrow(/weights have diverged/);
  });
});

const convolutions = ({ nodes }: Graph): number => nodes.filter(({ op }) => op.kind === 'conv2d').length;

describe('everything registered', () => {
  it.each(CATALOGUE)(
    '%s: its deploy form has no batch norm and no more convolutions, and computes the same',
    async (_id, part) => {
      const form = deployForm(part);
      expect(form.graph.nodes.map(({ op }) => op.kind)).not.toContain('batchNorm');
      expect(convolutions(form.graph)).toBeLessThanOrEqual(convolutions(part));
      const weights = untrainedWeights(part, 4);
      const { maxRelativeDifference } = await checkDeploy(onnxruntime, part, weights, form, randomStream(5));
      expect(maxRelativeDifference).toBeLessThan(DEPLOY_TOLERANCE / 10);
    },
  );
});

describe('batch-norm statistics', () => {
  it('are told to be initial only while all of them are', () => {
    expect(hasInitialStatistics(graph, untrained)).toBe(true);
    const moved = new Map(untrained).set('3.expand.bn.running_mean', new Float32Array(32).fill(0.5));
    expect(hasInitialStatistics(graph, moved)).toBe(false);
  });

  it('are drawn at random for batch norms alone, each different', () => {
    const drawn = randomStatistics(graph, untrained, randomStream(3));
    for (const { path, role, size } of graphParameters(graph)) {
      const values = drawn.get(path);
      if (role === 'kernel' || role === 'bias') expect(values).toBe(untrained.get(path));
      else expect(new Set(values).size).toBeGreaterThan(size / 2);
    }
    expect(hasInitialStatistics(graph, drawn)).toBe(false);
  });
});
