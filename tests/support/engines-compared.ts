/** Engines against onnxruntime on small networks. */
import { buildNetwork } from '../../blocks/build.js';
import type { Engine } from '../../harness/engines/engine.js';
import { onnxruntime } from '../../harness/engines/onnx/engine.js';
import { tensorflow } from '../../harness/engines/tfjs/tensorflow.js';
import type { Graph } from '../../harness/graph/graph.js';
import { type EngineCheck, type VerifyOptions, verifyEngines } from '../../harness/verify/verify.js';
import { AVAILABLE_ENGINES } from './engines.js';

export const CLASSES = 10;

/** Two stages of one block: of fewer than 16 channels, RefCO's branches have one input each and cancel to a constant. */
export const SHALLOW = { preset: 'small', depths: [1, 1], widths: [16, 32], headWidth: 32 };

export const network = (id: string, set = {}): Graph =>
  buildNetwork({ id, set }, { input: [3, 32, 32], classes: CLASSES });

/** All that this machine has, but the reference. */
export const ENGINES = AVAILABLE_ENGINES.filter(({ id }) => id !== onnxruntime.id);

/** Whether libtensorflow is not set up. */
export const missing = !ENGINES.includes(tensorflow);

export const disagreements = async (
  engines: readonly Engine[],
  graph: Graph,
  options: VerifyOptions,
): Promise<readonly (EngineCheck & { readonly engine: string })[]> => {
  const checks = await verifyEngines(onnxruntime, engines, graph, options);
  return engines.flatMap(({ id }, i) =>
    (checks[i] ?? []).filter(({ agrees }) => !agrees).map((check) => ({ engine: id, ...check })),
  );
};
