/** The proof, on every use, that a deploy form computes what its training form computes. */
import type { Engine } from '../engines/engine.js';
import { type Graph, nodeAt } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import { elementCount } from '../graph/shape.js';
import type { DeployForm } from './deploy.js';
import { hasInitialStatistics, type RandomSource, randomStatistics } from './statistics.js';

export interface DeployCheck {
  /** max |deploy - train| / max |train| over all outputs of all images. */
  readonly maxRelativeDifference: number;
  readonly tolerance: number;
}

/** What rounding to float32 may amount to: the two forms add the same products in another order. */
export const DEPLOY_TOLERANCE = 1e-4;

const IMAGES = 2;

/**
 * Runs both forms on the same random images. Where batch norms still have their initial statistics they get random ones first:
 * with those, a wrong fold could go unnoticed. Throws Error, naming the first node that differs, where the difference exceeds
 * the tolerance or is not a number.
 */
export const checkDeploy = async (
  engine: Pick<Engine, 'createPredictor'>,
  graph: Graph,
  weights: Weights,
  deployed: DeployForm,
  random: RandomSource,
): Promise<DeployCheck> => {
  const trained = hasInitialStatistics(graph, weights) ? randomStatistics(graph, weights, random) : weights;
  const converted = deployed.convert(trained);
  const size = IMAGES * elementCount(graph.input.shape);
  const images = Float32Array.from({ length: size }, () => 2 * random() - 1);
  const differenceAt = async ({ train, deploy }: Pair): Promise<number> =>
    relativeDifference(
      await valueAt(engine, deployed.graph, converted, deploy, images),
      await valueAt(engine, graph, trained, train, images),
    );

  const outputs = { train: graph.output.id, deploy: deployed.graph.output.id };
  const maxRelativeDifference = await differenceAt(outputs);
  if (maxRelativeDifference <= DEPLOY_TOLERANCE) {
    return { maxRelativeDifference, tolerance: DEPLOY_TOLERANCE };
  }
  const culprit = (await firstDifference(deployed, differenceAt)) ?? outputs;
  const [at, standsFor] = [nodeAt(deployed.graph, culprit.deploy), nodeAt(graph, culprit.train)];
  throw new Error(
    `The deploy form does not compute what the training form does: outputs differ by ${maxRelativeDifference} of the largest ` +
      `where ${DEPLOY_TOLERANCE} is allowed. The first node that differs is ${at.path} (${at.op.kind}), which stands for ` +
      `${standsFor.path} (${standsFor.op.kind}).`,
  );
};

/** Ids of nodes of the two forms that should have the same value. */
interface Pair {
  readonly train: number;
  readonly deploy: number;
}

const firstDifference = async (
  { counterparts }: DeployForm,
  differenceAt: (pair: Pair) => Promise<number>,
): Promise<Pair | undefined> => {
  for (const [deploy, train] of counterparts.entries()) {
    if (train === null) continue;
    const agrees = (await differenceAt({ train, deploy })) <= DEPLOY_TOLERANCE;
    if (!agrees) return { train, deploy };
  }
  return undefined;
};

const valueAt = async (
  engine: Pick<Engine, 'createPredictor'>,
  graph: Graph,
  weights: Weights,
  id: number,
  images: Float32Array,
): Promise<Float32Array> => {
  const { shape } = nodeAt(graph, id);
  const upToNode: Graph = { ...graph, nodes: graph.nodes.slice(0, id + 1), output: { id, shape } };
  const predictor = await engine.createPredictor(upToNode, weights, { batch: IMAGES, threads: 1 });
  const value = await predictor.run(images);
  await predictor.dispose();
  return value;
};

/** Not a number where a value is none or all expected ones are zero: then nothing has been compared. */
const relativeDifference = (actual: Float32Array, expected: Float32Array): number => {
  let [difference, largest] = [0, 0];
  for (const [i, value] of expected.entries()) {
    difference = Math.max(difference, Math.abs((actual[i] ?? Number.NaN) - value));
    largest = Math.max(largest, Math.abs(value));
  }
  return difference / largest;
};
