/** Engines against onnxruntime on small networks. */
import { buildNetwork } from '../../blocks/build.js';
import type { Engine } from '../../harness/engines/engine.js';
import { onnxruntime } from '../../harness/engines/onnx/engine.js';
import { tensorflow } from '../../harness/engines/tfjs/tensorflow.js';
import { wasm } from '../../harness/engines/tfjs/wasm.js';
import type { Graph } from '../../harness/graph/graph.js';
import { type EngineCheck, type VerifyOptions, verifyEngines } from '../../harness/verify/verify.js';

export const CLASSES = 10;

/** Two stages of one block: of fewer than 16 channels, RefCO's branches have one input each and cancel to a constant. */
export const SHALLOW = { preset: 'small', depths: [1, 1], widths: [16, 32], headWidth: 32 };

export const network = (id: string, set = {}): Graph =>
  buildNetwork({ id, set }, { input: [3, 32, 32], classes: CLASSES });

/** Whether libtensorflow is not set up. */
export const missing = (await tensorflow.describe()).state === 'missing';

export const ENGINES = missing ? [wasm] : [wasm, tensorflow];

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
