import type { Engine } from '../../harness/engines/engine.js';
import { pytorch } from '../../harness/engines/pytorch/engine.js';
import { pythonIsMissing } from './python.js';

/** The engine pytorch where every machine has it, whatever GPU it has. */
export const torchOnCpu: Engine = pytorch.onOtherDevices?.cpu ?? pytorch;

/** Why tests of the engine pytorch cannot run here. Undefined where they can. */
export const torchEngineIsMissing = pythonIsMissing('torch');
