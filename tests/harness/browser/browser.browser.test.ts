/** A browser as a device: real Chromium, real onnxruntime-web. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { type BrowserDevice, openBrowser } from '../../../harness/browser/browser.js';
import { servePage } from '../../../harness/browser/page-server.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { predictorModel } from '../../../harness/engines/onnx/predictor-model.js';
import { elementCount } from '../../../harness/graph/shape.js';
import { contenderOf } from '../../../harness/measure/deploy-contender.js';
import { measureLatency } from '../../../harness/measure/latency/measure-latency.js';
import { chromiumIsMissing } from '../../support/chromium.js';
import { seededRandom } from '../../support/random.js';

const INPUT = [16, 12, 12] as const;
const NETWORKS = ['inverted-residual', 'ghost-bottleneck', 'shufflenet-v2-unit'];

const modelOf = (id: string) => {
  const contender = contenderOf(id, buildAlone(id, INPUT));
  return { ...contender, bytes: predictorModel(contender.graph, contender.weights, 1) };
};

const images = () => {
  const random = seededRandom(3);
  return Float32Array.from({ length: elementCount(INPUT) }, () => random() - 0.5);
};

/** Once, and again after being timed. */
const expectNativeOutputs = async (browser: BrowserDevice, id: string): Promise<void> => {
  const { graph, weights, bytes } = modelOf(id);
  const native = await onnxruntime.createPredictor(graph, weights, { batch: 1, threads: 1 });
  const wanted = Float32Array.from(await native.run(images()));
  await native.dispose();
  const predictor = await browser.load(bytes);
  const input = images();
  for (const got of [await predictor.run(input), await timedThenRun(predictor, input)]) {
    expect(got).toHaveLength(wanted.length);
    for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 4);
  }
  await predictor.dispose();
};

const timedThenRun = async (
  { times, run }: Awaited<ReturnType<BrowserDevice['load']>>,
  input: Float32Array,
) => {
  const taken = (await times?.(input, { first: 1, runs: 5, ms: 5 })) ?? [];
  expect(taken.length).toBeGreaterThan(0);
  for (const ms of taken) expect(ms).toBeGreaterThan(0);
  return run(input);
};

describe.skipIf(chromiumIsMissing)(`a browser (${chromiumIsMissing ?? 'Chromium'})`, () => {
  let browser: BrowserDevice;

  beforeAll(async () => {
    browser = await openBrowser({ threads: 2 });
  });

  afterAll(() => browser.close());

  it('says what runs the networks', () => {
    expect(browser.runtime).toMatch(/^onnxruntime-web \d+\.\d+\.\d+, wasm, Chromium \d+/);
  });

  it.each(NETWORKS)('computes for %s what the engine computes, once and after being timed', async (id) => {
    await expectNativeOutputs(browser, id);
  });

  it('is measured in the same rounds and sessions, with the same control, as the engine', async () => {
    const contenders = NETWORKS.map((name) => ({
      name,
      input: INPUT,
      load: () => browser.load(modelOf(name).bytes),
    }));
    const broken = { name: 'broken', input: INPUT, load: () => browser.load(new Uint8Array([1, 2, 3])) };
    const { outcomes, control } = await measureLatency({
      engine: onnxruntime,
      contenders: [broken, ...contenders],
      ...{ batch: 1, threads: 2, sessions: 2, rounds: 4, seed: 0 },
    });
    expect(outcomes.map(({ outcome: { state } }) => state)).toEqual(['failed', 'done', 'done', 'done']);
    expect(control?.candidate).toBe(NETWORKS[0]);
    for (const { outcome } of outcomes) {
      if (outcome.state === 'done')
        expect(outcome.result.roundMs.map(({ length }) => length)).toEqual([2, 2]);
    }
  });
});

/** Where there is no GPU, Chromium has software in its place, which computes the same. */
it.skipIf(chromiumIsMissing)(
  'a browser computes by WebGPU what the engine computes, and says on what',
  async () => {
    const browser = await openBrowser({ threads: 1 }, 'browser-webgpu');
    expect(browser.runtime).toMatch(/^onnxruntime-web \d+\.\d+\.\d+, WebGPU on \w.+, Chromium \d+/);
    await expectNativeOutputs(browser, 'ghost-bottleneck');
    await browser.close();
  },
);

describe('the page', () => {
  it('is served on the loopback alone, isolated, and only to who knows its address', async () => {
    const server = await servePage();
    const { origin, hostname } = new URL(server.address);
    expect(hostname).toBe('127.0.0.1');
    const page = await fetch(server.address);
    expect(page.status).toBe(200);
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(page.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    const hidden = [
      '/',
      '/page.js',
      '/files/0',
      `${new URL(server.address).pathname}onnxruntime/..%2fpackage.json`,
    ];
    for (const path of hidden) expect((await fetch(origin + path)).status).toBe(404);
    await server.close();
  });
});
