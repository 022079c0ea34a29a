import type { Int8Setting } from '../../results/training/int8.js';
import type { Int8Engine } from '../engines/engine.js';
import { elementCount } from '../graph/shape.js';
import { calibrate } from '../quantise/calibrate.js';
import { calibratedNodes } from '../quantise/layout.js';
import { type Int8Form, int8Form } from '../quantise/quantise.js';
import { randomStream } from '../random.js';
import { LATENCY_SEED } from './deploy-contender.js';
import type { GraphContender } from './latency/latency-measurement.js';

/**
 * The int8 form of a network as it is timed: ranges come from one random image, for they change what the network gives, but not how long
 * it takes.
 */
export const randomlyCalibrated = async (
  int8: Int8Engine,
  { graph, weights }: Omit<GraphContender, 'name'>,
  scales: Int8Setting['weights'],
): Promise<Int8Form> => {
  const random = randomStream(LATENCY_SEED, 'calibration', 'image');
  const image = Float32Array.from(
    { length: elementCount(graph.input.shape) },
    () => 2 * random.uniform() - 1,
  );
  const observer = await int8.createObserver(graph, weights, calibratedNodes(graph), {
    batch: 1,
    threads: 1,
  });
  try {
    const ranges = await calibrate(
      graph,
      'min-max',
      (pixels) => observer.run(pixels),
      () => [image],
    );
    return int8Form(graph, weights, ranges, scales);
  } finally {
    await observer.dispose();
  }
};
