/** TF.js on WebAssembly: runs wherever Node does, slowly, on one thread. */

import type { EngineState } from '../engine.js';
import { requireThreads } from '../requirements.js';
import type { TfjsBackend } from './backends/backend.js';
import { tfjsEngine } from './engine.js';

const describe = async (): Promise<EngineState> => {
  try {
    const { version } = await import('./backends/wasm-backend.js');
    return { state: 'available', version, device: 'cpu' };
  } catch (error) {
    return {
      state: 'missing',
      reason: `@tensorflow/tfjs-backend-wasm does not load: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'It is a dependency of lightbench: run npm install again.',
    };
  }
};

const FACTS = { id: 'wasm', describe, mostThreads: 1 } as const;

const load = async (threads: number): Promise<TfjsBackend> => {
  requireThreads(FACTS, threads);
  const { wasmBackend } = await import('./backends/wasm-backend.js');
  return wasmBackend;
};

export const wasm = tfjsEngine(FACTS, load);
