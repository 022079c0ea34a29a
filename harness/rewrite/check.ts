/** The proof, on every use, that a deploy form computes what its training form computes. */
import type { Engine } from '../engines/engine.js';
import { type Graph, nodeAt } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import { elementCount } from '../graph/shape.js';
import type { RandomStream } from '../random.js';
import type { DeployForm } from './deploy.js';
import { hasInitialStatistics, randomStatistics } from './statistics.js';

/** How far the outputs of the two forms are apart. */
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
 * the tolerance or is not a number, and where the training form's own outputs are not finite.
 */
export const checkDeploy = async (
  engine: Pick<Engine, 'createPredictor'>,
  graph: Graph,
  weights: Weights,
  deployed: DeployForm,
  random: RandomStream,
): Promise<DeployCheck> => {
  const trained = hasInitialStatistics(graph, weights) ? randomStatistics(graph, weights, random) : weights;
  const size = IMAGES * elementCount(graph.input.shape);
  const images = Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
  const train = valuesOf(engine, graph, trained, images);
  const deploy = valuesOf(engine, deployed.graph, deployed.convert(trained), images);

  const expected = await train(graph.output.id);
  if (!expected.every(Number.isFinite)) {
    throw new Error('The training form gives outputs that are not finite: its weights have diverged.');
  }
  const maxRelativeDifference = relativeDifference(await deploy(deployed.graph.output.id), expected);
  if (maxRelativeDifference <= DEPLOY_TOLERANCE) {
    return { maxRelativeDifference, tolerance: DEPLOY_TOLERANCE };
  }
  const place = await firstDifference(graph, deployed, train, deploy);
  throw new Error(
    `The deploy form does not compute what the training form does: outputs differ by ${maxRelativeDifference} of the largest ` +
      `where ${DEPLOY_TOLERANCE} is allowed. ${place}`,
  );
};

/** The value of a node by its id. */
type Values = (id: number) => Promise<Float32Array>;

const firstDifference = async (
  graph: Graph,
  deployed: DeployForm,
  train: Values,
  deploy: Values,
): Promise<string> => {
  for (const [id, counterpart] of deployed.counterparts.entries()) {
    if (counterpart === null) continue;
    const agrees = relativeDifference(await deploy(id), await train(counterpart)) <= DEPLOY_TOLERANCE;
    if (agrees) continue;
    const [node, standsFor] = [nodeAt(deployed.graph, id), nodeAt(graph, counterpart)];
    return `The first node that differs is ${node.path} (${node.op.kind}), which stands for ${standsFor.path} (${standsFor.op.kind}).`;
  }
  return 'No single node differs by so much.';
};

const valuesOf =
  (engine: Pick<Engine, 'createPredictor'>, graph: Graph, weights: Weights, images: Float32Array): Values =>
  async (id) => {
    const { shape } = nodeAt(graph, id);
    const upToNode: Graph = { ...graph, nodes: graph.nodes.slice(0, id + 1), output: { id, shape } };
    const predictor = await engine.createPredictor(upToNode, weights, { batch: IMAGES, threads: 1 });
    const value = await predictor.run(images);
    await predictor.dispose();
    return value;
  };

/** Not a number where a value is none, or where all expected ones are zero and nothing has been compared. */
const relativeDifference = (actual: Float32Array, expected: Float32Array): number => {
  let [difference, largest] = [0, 0];
  for (const [i, value] of expected.entries()) {
    difference = Math.max(difference, Math.abs((actual[i] ?? Number.NaN) - value));
    largest = Math.max(largest, Math.abs(value));
  }
  return difference / largest;
};
