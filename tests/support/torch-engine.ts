import { pytorch } from '../../harness/engines/pytorch/engine.js';

/** Why tests of the engine pytorch cannot run here. Undefined where they can. */
export const torchEngineIsMissing = async (): Promise<string | undefined> => {
  const state = await pytorch.describe();
  return state.state === 'available' ? undefined : state.reason;
};
