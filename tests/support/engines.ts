import type { Engine } from '../../harness/engines/engine.js';
import { ENGINES } from '../../harness/engines/registry.js';

const states = await Promise.all(
  Object.values<Engine>(ENGINES).map(async (engine) => ({ engine, ...(await engine.describe()) })),
);

/** The engines that this machine has. */
export const AVAILABLE_ENGINES: readonly Engine[] = states
  .filter(({ state }) => state === 'available')
  .map(({ engine }) => engine);
