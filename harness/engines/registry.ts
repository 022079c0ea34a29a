/** The engines that exist, and the choice of one. */
import { didYouMean } from '../user/did-you-mean.js';
import { UserError } from '../user/user-error.js';
import type { Engine, EngineId, EngineState } from './engine.js';
import { onnxruntime } from './onnx/engine.js';
import { pytorch } from './pytorch/engine.js';
import { tensorflow } from './tfjs/tensorflow.js';
import { wasm } from './tfjs/wasm.js';

/** In order of preference. */
export const ENGINES: Readonly<Record<EngineId, Engine>> = { onnxruntime, pytorch, tensorflow, wasm };

/** An engine that works here. */
export interface ResolvedEngine {
  readonly engine: Engine;
  readonly version: string;
  readonly device: string;
  /** Why this one, for the user. */
  readonly reason: string;
}

/**
 * The engine of this name: an id, for example `tensorflow`; an id and a device, for example `onnxruntime:webgpu`; or `auto`, the first
 * that is available. Throws UserError where the name is unknown or the engine is missing, or computes on another device than the one
 * named: another never takes its place unasked.
 */
export const resolveEngine = async (
  name: string,
  engines: readonly Engine[] = Object.values(ENGINES),
): Promise<ResolvedEngine> => {
  const candidates = name === 'auto' ? engines.map(asItIs) : [engineNamed(name, engines)];
  const missing: string[] = [];
  const remedies: string[] = [];
  for (const { engine, name: candidate, device: wanted } of candidates) {
    const state = await engine.describe();
    if (state.state === 'available') {
      const { version, device } = state;
      if (wanted !== undefined && wanted !== device) throw onAnotherDevice(engine, device, wanted);
      const reason = name === 'auto' ? ['the first that is available', ...missing].join('; ') : 'asked for';
      return { engine, version, device, reason };
    }
    missing.push(`${candidate} is missing: ${state.reason}`);
    remedies.push(state.remedy);
  }
  throw new UserError(`${missing.join('. ')}.`, remedies.join(' Or: '));
};

/** The engine of this name as `resolveEngine` takes it, without asking whether it is there. Throws UserError where the name is unknown. */
export const findEngine = (name: string): Engine => engineNamed(name, Object.values(ENGINES)).engine;

export interface DescribedEngine {
  /** What asks for it. */
  readonly name: string;
  readonly engine: Engine;
  readonly state: Exclude<EngineState, { state: 'unsupported' }>;
}

/** Every engine, on every device, that there is for this platform. */
export const describeEngines = async (): Promise<readonly DescribedEngine[]> => {
  const described = await Promise.all(
    allNamed().map(async ({ name, engine }) => ({ name, engine, state: await engine.describe() })),
  );
  return described.flatMap(({ name, engine, state }) =>
    state.state === 'unsupported' ? [] : [{ name, engine, state }],
  );
};

/** What `resolveEngine` takes beside `auto`, whatever this platform has. */
export const engineNames = (): readonly string[] => allNamed().map(({ name }) => name);

const allNamed = (): readonly NamedEngine[] =>
  Object.values(ENGINES).flatMap((engine) => [
    asItIs(engine),
    ...Object.keys(engine.onOtherDevices ?? {}).map((device) =>
      engineNamed(`${engine.id}:${device}`, [engine]),
    ),
  ]);

interface NamedEngine {
  readonly name: string;
  readonly engine: Engine;
  /** Where it must compute. */
  readonly device?: string;
}

const asItIs = (engine: Engine): NamedEngine => ({ name: engine.id, engine });

const engineNamed = (name: string, engines: readonly Engine[]): NamedEngine => {
  const [id, ...rest] = name.split(':');
  const engine = engines.find((one) => one.id === id);
  if (!engine) {
    const known = ['auto', ...engines.map((one) => one.id)];
    throw new UserError(
      `Unknown engine "${name}".`,
      didYouMean(id ?? '', known, `Known engines: ${known.join(', ')}.`),
    );
  }
  if (rest.length === 0) return asItIs(engine);
  const device = rest.join(':');
  return { name, device, engine: engine.onOtherDevices?.[device] ?? engine };
};

const onAnotherDevice = ({ id, onOtherDevices = {} }: Engine, device: string, wanted: string): UserError => {
  const others = Object.keys(onOtherDevices).map((other) => `${id}:${other}`);
  return new UserError(
    `Here, ${id} runs on ${device}, not on ${wanted}.`,
    `Use ${[id, ...others].join(', ')}, or another engine.`,
  );
};
