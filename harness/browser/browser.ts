/**
 * A browser as a device: real Chromium, in which onnxruntime-web runs models as wasm with SIMD, and threads where they are asked for, or by
 * WebGPU.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { BrowserKind } from '../../results/measurement/device.js';
import type { LatencyPredictor } from '../measure/latency/latency-measurement.js';
import type { Burst } from '../measure/latency/sampling.js';
import { UserError } from '../user/user-error.js';
import { CHROMIUM_NAMES, findChromium } from './find-chromium.js';
import { type PageServer, servePage } from './page-server.js';

export interface BrowserDevice {
  /** For example `onnxruntime-web 1.30.0, wasm, Chromium 143.0.1`; with WebGPU it names the GPU, or says that software takes its place. */
  readonly runtime: string;
  /** A model with one input and one output of fixed shapes. */
  readonly load: (model: Uint8Array) => Promise<LatencyPredictor>;
  readonly close: () => Promise<void>;
}

/** How the page is told to run networks. */
const PROVIDERS = { browser: 'wasm', 'browser-webgpu': 'webgpu' } as const satisfies Record<
  BrowserKind,
  string
>;

/** Throws UserError where the browser, a package that is needed for it, or WebGPU is missing. */
export const openBrowser = async (
  { threads }: { readonly threads: number },
  kind: BrowserKind = 'browser',
): Promise<BrowserDevice> => {
  const browser = await launch(kind);
  const server = await servePage();
  const close = async (): Promise<void> => {
    await browser.close();
    await server.close();
  };
  try {
    const page = await browser.newPage();
    await page.goto(server.address);
    const begun = await page.evaluate<Begun>(`(async () => {
      while (!globalThis.lightbench) await new Promise((later) => setTimeout(later, 10));
      return lightbench.begin(${JSON.stringify({ threads, provider: PROVIDERS[kind] })});
    })()`);
    if (!begun.isIsolated)
      throw new Error('The page is not isolated: it has neither threads nor a fine clock.');
    let count = 0;
    return {
      runtime: `onnxruntime-web ${webVersion()}, ${runtimeText(begun)}, Chromium ${browser.version()}`,
      load: (model) => loadModel(page, server, `${count++}`, model),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** What the page says when it is ready. */
interface Begun {
  readonly isIsolated: boolean;
  /** Undefined where it runs wasm; null where the browser has none. */
  readonly gpu?: { readonly name: string; readonly isSoftware: boolean } | null;
}

const runtimeText = ({ gpu }: Begun): string => {
  if (gpu === undefined) return 'wasm';
  if (gpu === null) {
    throw new UserError(
      'Chromium has no WebGPU here.',
      'Measure with --device browser, or on a machine with a GPU and its driver.',
    );
  }
  return `WebGPU on ${gpu.name}${gpu.isSoftware ? ' (software, no GPU)' : ''}`;
};

const loadModel = async (
  page: Page,
  server: PageServer,
  id: string,
  model: Uint8Array,
): Promise<LatencyPredictor> => {
  const call = <T>(name: string, ...args: readonly unknown[]): Promise<T> =>
    page.evaluate<T>(`lightbench.${name}(...${JSON.stringify([id, ...args])})`);
  server.put(id, model);
  await call('load');
  server.put(id, null);
  let given: Float32Array | null = null;
  /** Images are sent once, not with every run. */
  const give = async (images: Float32Array): Promise<void> => {
    if (given === images) return;
    const path = `${id}-images`;
    server.put(path, new Uint8Array(images.buffer, images.byteOffset, images.byteLength));
    await call('images', path);
    server.put(path, null);
    given = images;
  };
  return {
    run: async (images) => {
      await give(images);
      return Float32Array.from(await call<number[]>('run'));
    },
    times: async (images, burst: Burst) => {
      await give(images);
      return call<number[]>('times', burst);
    },
    dispose: () => call('release'),
  };
};

const launch = async (kind: BrowserKind): Promise<Browser> => {
  requirePackage('onnxruntime-web');
  requirePackage('playwright-core');
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new UserError(
      `No browser was found: none of ${CHROMIUM_NAMES.join(', ')} is on the PATH.`,
      'Install Chromium (apt-get install chromium), or measure without --device browser.',
    );
  }
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    args: [...FLAGS, ...KIND_FLAGS[kind], ...(isRoot() ? ['--no-sandbox'] : [])],
  });
};

/** A measurement is not to be put aside because nobody looks at the page. */
const FLAGS = [
  '--disable-dev-shm-usage',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** On Linux, Chromium offers WebGPU only where it is told to. */
const KIND_FLAGS: Readonly<Record<BrowserKind, readonly string[]>> = {
  browser: [],
  'browser-webgpu': ['--enable-unsafe-webgpu'],
};

/** Chromium has no sandbox for the superuser. The page is our own, and loads nothing else. */
const isRoot = (): boolean => process.getuid?.() === 0;

const require = createRequire(import.meta.url);

const requirePackage = (name: string): void => {
  try {
    require.resolve(name);
  } catch {
    throw new UserError(
      `Measuring in a browser needs the package ${name}, which is not installed.`,
      'Run npm install onnxruntime-web playwright-core; neither downloads a browser.',
    );
  }
};

const webVersion = (): string => {
  const manifest = join(dirname(require.resolve('onnxruntime-web')), '..', 'package.json');
  const { version }: { readonly version: string } = JSON.parse(readFileSync(manifest, 'utf8'));
  return version;
};
