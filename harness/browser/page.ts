/**
 * The page that runs networks, as it is served: it loads models, runs them, and times bursts as `measure/sampling.ts` does, with the same
 * library. Only that a time is the mean of as many runs as the steps of the browser's clock ask for. A run by WebGPU ends when its output is
 * back in memory.
 */
export const PAGE = `<!doctype html>
<meta charset="utf-8">
<title>lightbench</title>
<script type="module" src="page.js"></script>
`;

/** Paths are relative to the page's; what it offers hangs on `lightbench`. */
export const PAGE_SCRIPT = `
import { Bench } from './tinybench/index.js';

const networks = new Map();
let ort;
let executionProviders;

const gpuOf = async () => {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) return null;
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  return { name: description || vendor + ' ' + architecture, isSoftware: isFallbackAdapter };
};

/** A browser's clock goes in steps. What is timed, a block of runs, is long enough for the step not to matter. */
const STEPS = 400;
const clockStep = (() => {
  let least = Infinity;
  for (let i = 0; i < 20; i += 1) {
    const start = performance.now();
    let end = start;
    while (end === start) end = performance.now();
    least = Math.min(least, end - start);
  }
  return least;
})();

const floats = async (path) => new Float32Array(await (await fetch(path)).arrayBuffer());

globalThis.lightbench = {
  begin: async ({ threads, provider }) => {
    ort = await import('./onnxruntime/ort.' + provider + '.bundle.min.mjs');
    executionProviders = [provider];
    ort.env.logLevel = 'error';
    ort.env.wasm.numThreads = threads;
    ort.env.wasm.wasmPaths = new URL('./onnxruntime/', location.href).href;
    return { isIsolated: globalThis.crossOriginIsolated, ...(provider === 'wasm' ? {} : { gpu: await gpuOf() }) };
  },
  load: async (id) => {
    const model = new Uint8Array(await (await fetch('./files/' + id)).arrayBuffer());
    const session = await ort.InferenceSession.create(model, {
      executionProviders,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
    });
    const [input] = session.inputMetadata;
    networks.set(id, { session, input, feeds: null });
  },
  images: async (id, path) => {
    const { input } = networks.get(id);
    networks.get(id).feeds = { [input.name]: new ort.Tensor('float32', await floats('./files/' + path), input.shape) };
  },
  run: async (id) => {
    const { session, feeds } = networks.get(id);
    const [output] = Object.values(await session.run(feeds));
    return Array.from(output.data);
  },
  times: async (id, { first, runs, ms }) => {
    const network = networks.get(id);
    const run = () => network.session.run(network.feeds);
    for (let i = 0; i < first; i += 1) await run();
    const block = Math.ceil(STEPS * clockStep / (network.runMs ?? ms));
    const bench = new Bench({ warmup: false, iterations: Math.ceil(runs / block), time: ms, retainSamples: true, throws: true });
    bench.add('network', async () => {
      for (let i = 0; i < block; i += 1) await run();
    }, { async: true });
    const [task] = await bench.run();
    const times = task.result.latency.samples.map((time) => time / block);
    network.runMs = Math.max(Math.min(...times), clockStep / 10);
    return times;
  },
  release: async (id) => {
    await networks.get(id).session.release();
    networks.delete(id);
  },
};
`;
