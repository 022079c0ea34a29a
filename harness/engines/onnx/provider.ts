/** Where onnxruntime computes: its execution providers, which of them the package has for this platform, and whether one works here. */
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { EngineState } from '../engine.js';
import { OnnxModel } from './model.js';
import { NO_TELEMETRY } from './no-telemetry.js';

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
      'It needs an NVIDIA GPU with CUDA 12 and cuDNN 9, and libraries that are not installed unasked: run ' +
      'node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install.',
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

/**
 * Whether onnxruntime computes there. It is tried in a process of its own: asking loads no native library here, and a driver that ends
 * its process ends no other.
 */
export const describeProvider = async (provider: Provider): Promise<EngineState> => {
  const { backend, name, platforms, needs } = PROVIDERS[provider];
  const answer = await tryElsewhere(backend);
  switch (answer.state) {
    case 'works':
      return { state: 'available', version: answer.version, device: provider };
    case 'unsupported':
      return {
        state: 'unsupported',
        reason: `onnxruntime-node ${answer.version} has no ${name} for ${process.platform} on ${process.arch}`,
        remedy: `It has it for ${platforms}.`,
      };
    case 'fails':
      return { state: 'missing', reason: `${name} does not start: ${answer.reason}`, remedy: needs };
    case 'unloadable':
      return {
        state: 'missing',
        reason: `onnxruntime-node does not load: ${answer.reason}`,
        remedy:
          `It has libraries for Linux and Windows on x64 and arm64 and for macOS on arm64; this is ${process.platform} on ` +
          `${process.arch}. On one of those, run npm install onnxruntime-node again.`,
      };
  }
};

/** A session may not fall back to the CPU here, so that what computes is the provider. */
const PROGRAM = `
const [library, backend, model] = process.argv.slice(1);
const say = (answer) => console.log('\\n' + JSON.stringify(answer));
const attempt = async () => {
  let onnxruntime;
  try {
    onnxruntime = require(library);
  } catch (error) {
    return { state: 'unloadable', reason: error.message };
  }
  const { env, InferenceSession, listSupportedBackends, Tensor } = onnxruntime;
  const version = env.versions.node;
  if (!listSupportedBackends().some(({ name }) => name === backend)) return { state: 'unsupported', version };
  try {
    const session = await InferenceSession.create(Buffer.from(model, 'base64'), {
      executionProviders: [backend],
      extra: backend === 'cpu' ? {} : { session: { disable_cpu_ep_fallback: '1' } },
    });
    await session.run({ x: new Tensor('float32', new Float32Array(16), [4, 4]) });
    return { state: 'works', version };
  } catch (error) {
    return { state: 'fails', reason: error.message };
  }
};
attempt().then(say);`;

const answerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('works'), version: z.string() }),
  z.object({ state: z.literal('unsupported'), version: z.string() }),
  z.object({ state: z.literal('fails'), reason: z.string() }),
  z.object({ state: z.literal('unloadable'), reason: z.string() }),
]);

/** Whether the provider multiplies two matrices. */
const tryElsewhere = async (backend: string): Promise<z.infer<typeof answerSchema>> => {
  const library = createRequire(import.meta.url).resolve('onnxruntime-node');
  const model = Buffer.from(productModel()).toString('base64');
  const { execa } = await import('execa');
  const { exitCode, signal, stdout } = await execa(
    process.execPath,
    ['-e', PROGRAM, library, backend, model],
    {
      reject: false,
      env: NO_TELEMETRY,
    },
  );
  const answer = stdout.trim().split('\n').at(-1);
  if (answer) {
    const parsed = answerSchema.parse(JSON.parse(answer));
    return 'reason' in parsed ? { ...parsed, reason: withoutPlace(parsed.reason) } : parsed;
  }
  return { state: 'fails', reason: `its process ended by ${signal ?? `exit code ${exitCode}`}` };
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
