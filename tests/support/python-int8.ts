/** A network quantised by us and by onnxruntime's Python tool, with the same settings and images. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportOnnx } from '../../harness/engines/onnx/export.js';
import { createObserver } from '../../harness/engines/onnx/int8/session.js';
import type { Graph } from '../../harness/graph/graph.js';
import type { Weights } from '../../harness/graph/parameters.js';
import { elementCount } from '../../harness/graph/shape.js';
import { calibrate } from '../../harness/quantise/calibrate.js';
import { calibratedNodes } from '../../harness/quantise/layout.js';
import { type Int8Form, int8Form } from '../../harness/quantise/quantise.js';
import { randomStream } from '../../harness/random.js';
import { deployForm } from '../../harness/rewrite/deploy.js';
import { randomStatistics } from '../../harness/rewrite/statistics.js';
import { initialWeights } from '../../harness/train/initialise.js';
import type { WeightScale } from '../../results/training/int8.js';

/** Modules that the tool needs. */
export const TOOL_MODULES = ['onnxruntime', 'onnx', 'numpy'] as const;

export interface QuantisedTwice {
  readonly graph: Graph;
  readonly form: Int8Form;
  readonly images: readonly Float32Array[];
  /** The float model, for one image. */
  readonly float: Uint8Array;
  /** Of the tool, for one image; the second with its quantised values as outputs. */
  readonly tool: Uint8Array;
  readonly observedTool: Uint8Array;
}

const IMAGES = 8;

export const quantiseTwice = async (
  trained: Graph,
  folder: string,
  scales: WeightScale = 'per-channel',
): Promise<QuantisedTwice> => {
  const weights = randomStatistics(trained, initialWeights(trained, 0), randomStream(0, 'statistics'));
  const { graph, convert } = deployForm(trained);
  const converted: Weights = convert(weights);
  const random = randomStream(0, 'calibration images');
  const images = Array.from({ length: IMAGES }, () =>
    Float32Array.from({ length: elementCount(graph.input.shape) }, () => random.normal()),
  );
  const observer = await createObserver(graph, converted, calibratedNodes(graph), { batch: 1, threads: 1 });
  const ranges = await calibrate(
    graph,
    'min-max',
    (pixels) => observer.run(pixels),
    () => images,
  );
  await observer.dispose();
  const [model, pixels, output] = ['float.onnx', 'images.bin', 'int8.onnx'].map((name) => join(folder, name));
  const float = exportOnnx(graph, converted, { batch: 1, outputName: 'output' });
  writeFileSync(model ?? '', float);
  writeFileSync(pixels ?? '', Buffer.concat(images.map(({ buffer }) => Buffer.from(buffer))));
  const program = fileURLToPath(new URL('./quantise_static.py', import.meta.url));
  const shape = graph.input.shape.map(String);
  execFileSync('python3', [program, model ?? '', pixels ?? '', output ?? '', scales, ...shape], {
    stdio: 'pipe',
  });
  return {
    graph,
    form: int8Form(graph, converted, ranges, scales),
    images,
    float,
    tool: readFileSync(output ?? ''),
    observedTool: readFileSync(`${output}.observed`),
  };
};
