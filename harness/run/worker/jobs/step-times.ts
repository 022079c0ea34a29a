/** How long a training step of each candidate takes here, alone: what the time of a run is estimated from. */
import type { Plan } from '../../../../results/plan/plan.js';
import type { Graph } from '../../../graph/graph.js';
import { elementCount } from '../../../graph/shape.js';
import { initialWeights } from '../../../train/initialise.js';
import { engineOf, plannedGraph, plannedRecipe } from '../../plan/planned.js';

/** A step that takes longer is timed as the first one, loading aside. */
const LONG_SECONDS = 0.5;

const REPEATS = 3;

/**
 * Tells the seconds of a step of each of these candidates, one after the other, until so many seconds are over; at least that of the first.
 * Rejects, or ends the process, where one cannot be trained.
 */
export const timeSteps = async (
  plan: Plan,
  candidates: readonly string[],
  withinSeconds: number,
  onTime: (candidate: string, seconds: number) => Promise<void>,
): Promise<void> => {
  const begun = performance.now();
  for (const [index, candidate] of candidates.entries()) {
    if (index > 0 && (performance.now() - begun) / 1000 > withinSeconds) return;
    await onTime(candidate, await stepSeconds(plan, await plannedGraph(plan, candidate)));
  }
};

const stepSeconds = async (plan: Plan, graph: Graph): Promise<number> => {
  const recipe = plannedRecipe(plan);
  const { batch, augmentation, learningRate } = recipe;
  const threads = plan.conditions.trainThreads;
  const trainer = await engineOf(plan).createTrainer(graph, initialWeights(graph, 0), {
    batch,
    threads,
    recipe,
  });
  const labels = new Int32Array(batch);
  const mixed = augmentation.mixup > 0 ? { mixed: { labels, shares: new Float32Array(batch).fill(1) } } : {};
  const images = new Float32Array(batch * elementCount(graph.input.shape));
  const timed = async (): Promise<number> => {
    const start = performance.now();
    await trainer.step({ images, labels, count: batch, ...mixed }, learningRate);
    return (performance.now() - start) / 1000;
  };
  let least = await timed();
  for (let repeat = 0; repeat < REPEATS && least < LONG_SECONDS; repeat++)
    least = Math.min(least, await timed());
  await trainer.dispose();
  return least;
};
