/** The engines that exist, and the choice of one. */
import { UserError } from '../user-error.js';
import type { Engine, EngineId } from './engine.js';
import { onnxruntime } from './onnx/engine.js';
import { tensorflow } from './tfjs/tensorflow.js';
import { wasm } from './tfjs/wasm.js';

/** In order of preference. */
export const ENGINES: Readonly<Record<EngineId, Engine>> = { onnxruntime, tensorflow, wasm };

export interface ResolvedEngine {
  readonly engine: Engine;
  readonly version: string;
  readonly device: string;
  /** Why this one, for the user. */
  readonly reason: string;
}

/**
 * The engine with this id, or for `auto` the first that is available. Throws UserError where the id is unknown or the engine is
 * missing: another never takes its place unasked.
 */
export const resolveEngine = async (
  id: string,
  engines: readonly Engine[] = Object.values(ENGINES),
): Promise<ResolvedEngine> => {
  const candidates = id === 'auto' ? engines : engines.filter((engine) => engine.id === id);
  if (candidates.length === 0) {
    const known = ['auto', ...engines.map((engine) => engine.id)].join(', ');
    throw new UserError(`There is no engine ${id}.`, `Name one of ${known}.`);
  }
  const missing: string[] = [];
  const remedies: string[] = [];
  for (const engine of candidates) {
    const state = await engine.describe();
    if (state.state === 'available') {
      const { version, device } = state;
      const reason = id === 'auto' ? ['the first that is available', ...missing].join('; ') : 'asked for';
      return { engine, version, device, reason };
    }
    missing.push(`${engine.id} is missing: ${state.reason}`);
    remedies.push(state.remedy);
  }
  throw new UserError(`${missing.join('. ')}.`, remedies.join(' Or: '));
};
