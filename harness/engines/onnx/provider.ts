/** Where onnxruntime computes: its execution providers, which of them the package has for this platform, and whether one works here. */
import { createRequire } from 'node:module';
import { execa } from 'execa';
import { z } from 'zod';
import type { EngineState } from '../engine.js';
import { OnnxModel } from './model.js';

interface ProviderFacts {
  /** What onnxruntime-node calls it. */
  readonly backend: string;
  /** As people call it. */
  readonly name: string;
  /** Platforms that the package has it for. */
  readonly platforms: string;
  /** What it needs to work. */
  readonly needs: string;
}

export const PROVIDERS = {
  cpu: {
    backend: 'cpu',
    name: 'the CPU',
    platforms: 'every platform',
    needs: 'Run npm install onnxruntime-node again.',
  },
  cuda: {
    backend: 'cuda',
    name: 'CUDA',
    platforms: 'Linux on x64',
    needs:
      'It needs an NVIDIA GPU with CUDA 12 and cuDNN 9, and the libraries that npm install onnxruntime-node --onnxruntime-node-install=cuda12 downloads.',
  },
  webgpu: {
    backend: 'webgpu',
    name: 'WebGPU',
    platforms: 'Linux and Windows on x64, and macOS',
    needs: 'It needs a GPU with a driver for Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS).',
  },
  coreml: {
    backend: 'coreml',
    name: 'Core ML',
    platforms: 'macOS',
    needs: 'It needs macOS 10.15 or later.',
  },
  directml: {
    backend: 'dml',
    name: 'DirectML',
    platforms: 'Windows',
    needs: 'It needs a GPU with a driver for Direct3D 12.',
  },
} as const satisfies Readonly<Record<string, ProviderFacts>>;

export type Provider = keyof typeof PROVIDERS;

/** Whether onnxruntime computes there. Every provider but the CPU is tried, in a process of its own, which its driver may end. */
export const describeProvider = async (provider: Provider): Promise<EngineState> => {
  const offer = await packageOffer();
  if ('state' in offer) return offer;
  const { backend, name, platforms, needs } = PROVIDERS[provider];
  if (!offer.backends.includes(backend)) {
    return {
      state: 'unsupported',
      reason: `onnxruntime-node ${offer.version} has no ${name} for ${process.platform} on ${process.arch}`,
      remedy: `It has it for ${platforms}.`,
    };
  }
  const failure = provider === 'cpu' ? null : await tryElsewhere(backend);
  return failure === null
    ? { state: 'available', version: offer.version, device: provider }
    : { state: 'missing', reason: `${name} does not start: ${failure}`, remedy: needs };
};

/** The package's version, and what it calls the providers that it has for this platform. */
const packageOffer = async (): Promise<
  { readonly version: string; readonly backends: readonly string[] } | EngineState
> => {
  try {
    const { env, listSupportedBackends } = await import('onnxruntime-node');
    const backends = listSupportedBackends().map(({ name }) => name);
    return { version: env.versions.node ?? 'unknown', backends };
  } catch (error) {
    return {
      state: 'missing',
      reason: `onnxruntime-node does not load: ${error instanceof Error ? error.message : String(error)}`,
      remedy:
        `It has libraries for Linux and Windows on x64 and arm64 and for macOS on arm64; this is ${process.platform} on ` +
        `${process.arch}. On one of those, run npm install onnxruntime-node again.`,
    };
  }
};

/** A session may not fall back to the CPU here, so that what computes is the provider. */
const PROGRAM = `
const [library, backend, model] = process.argv.slice(1);
const { InferenceSession, Tensor } = require(library);
const say = (failure) => console.log('\\n' + JSON.stringify({ failure }));
(async () => {
  const session = await InferenceSession.create(Buffer.from(model, 'base64'), {
    executionProviders: [backend],
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  });
  await session.run({ x: new Tensor('float32', new Float32Array(16), [4, 4]) });
})().then(() => say(null), (error) => say(error.message));`;

const answerSchema = z.object({ failure: z.string().nullable() });

/** Why the provider cannot multiply two matrices; null where it can. */
const tryElsewhere = async (backend: string): Promise<string | null> => {
  const library = createRequire(import.meta.url).resolve('onnxruntime-node');
  const model = Buffer.from(productModel()).toString('base64');
  const { signal, stdout } = await execa(process.execPath, ['-e', PROGRAM, library, backend, model], {
    reject: false,
  });
  if (signal) return `its process ended by ${signal}`;
  const { failure } = answerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  return failure === null ? null : withoutPlace(failure);
};

const productModel = (): Uint8Array => {
  const model = new OnnxModel('product');
  const x = model.input('x', 'float32', [4, 4]);
  model.output(model.node('MatMul', [x, x]), 'float32', [4, 4]);
  return model.serialize();
};

/** onnxruntime's messages begin with a line of its sources. */
const withoutPlace = (message: string): string =>
  message
    .trim()
    .replace(/^\/.* was false\. /s, '')
    .replace(/\.$/, '');
