import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  findInstallation,
  setupFolder,
  tfjsVersion,
} from '../../../../harness/engines/tfjs/install/installation.js';
import { type Started, startElsewhere } from '../../../../harness/engines/tfjs/install/libtensorflow.js';
import { setupTensorflow } from '../../../../harness/engines/tfjs/install/setup.js';
import { stateOf, tensorflow } from '../../../../harness/engines/tfjs/tensorflow.js';
import { GraphBuilder } from '../../../../harness/graph/build/builder.js';

const NAME = '@tensorflow/tfjs-node';

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const emptyCache = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'lightbench-cache-'));
  folders.push(folder);
  vi.stubEnv('XDG_CACHE_HOME', folder);
};

/** A package of this name in the cache, as a setup leaves it, with a main file of our own. */
const install = async (version: string, main: string): Promise<void> => {
  const folder = join(setupFolder(), 'node_modules', NAME);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: NAME, version, main: 'index.js' }));
  await writeFile(join(folder, 'index.js'), main);
};

const installation = (version = tfjsVersion()) => ({ name: NAME, version, folder: '/nowhere' });

const starting =
  (libtensorflow: string): (() => Promise<Started>) =>
  async () => ({ state: 'started', libtensorflow, device: 'cpu' });

describe('the state of the engine tensorflow', () => {
  it('is missing where nothing is installed', async () => {
    const state = await stateOf(null, starting('2.21.0'));
    expect(state).toEqual({
      state: 'missing',
      reason: 'neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed',
      remedy: 'Run lightbench setup tensorflow.',
    });
  });

  it('is missing where the binding is of another version than TF.js', async () => {
    const state = await stateOf(installation('3.0.0'), starting('2.21.0'));
    expect(state).toMatchObject({ state: 'missing', reason: expect.stringContaining('3.0.0 does not fit') });
  });

  it.each(['1.15.5', '2.8.4', '3.0.0'])('is missing where libtensorflow is %s', async (libtensorflow) => {
    const state = await stateOf(installation(), starting(libtensorflow));
    expect(state).toMatchObject({
      state: 'missing',
      reason: `${NAME} has libtensorflow ${libtensorflow}, and TF.js needs 2.9 or a later 2.x`,
    });
  });

  it.each(['2.9.1', '2.21.0'])('names both versions where libtensorflow is %s', async (libtensorflow) => {
    const state = await stateOf(installation(), starting(libtensorflow));
    const version = `${tfjsVersion()} libtensorflow ${libtensorflow}`;
    expect(state).toEqual({ state: 'available', version, device: 'cpu' });
  });
});

describe('an installation', () => {
  it('is found in the cache', async () => {
    await emptyCache();
    expect(findInstallation()).toBeNull();
    await install('1.2.3', '');
    expect(findInstallation()).toMatchObject({ name: NAME, version: '1.2.3' });
  });

  it.each([
    ['throws', "throw new Error('no such library');", 'Error: no such library'],
    ['ends its process', "process.kill(process.pid, 'SIGILL');", 'its process ended by SIGILL'],
  ])('that %s does not start, and says why', async (_what, main, reason) => {
    await emptyCache();
    await install(tfjsVersion(), main);
    const state = await stateOf(findInstallation(), startElsewhere);
    expect(state).toMatchObject({ state: 'missing', reason: `${NAME} does not start: ${reason}` });
  });

  it('that does not start is refused before anything is computed', async () => {
    await emptyCache();
    await install(tfjsVersion(), "throw new Error('no such library');");
    const g = GraphBuilder.create();
    const graph = g.finish(g.activation('act', g.input([1, 2, 2]), 'relu'));
    await expect(
      tensorflow.createPredictor(graph, new Map(), { batch: 1, threads: 1 }),
    ).rejects.toMatchObject({
      message: `tensorflow is missing: ${NAME} does not start: no such library.`,
      remedy: 'Run lightbench setup tensorflow.',
    });
  });
});

describe('the setup of libtensorflow', () => {
  it('says which program it lacks, and leaves nothing behind', async () => {
    await emptyCache();
    vi.stubEnv('PATH', '');
    const steps: string[] = [];
    await expect(
      setupTensorflow({ fromPip: false, onProgress: (step) => steps.push(step) }),
    ).rejects.toMatchObject({
      message: `Installing ${NAME} needs npm, which is not installed.`,
    });
    expect(steps).toEqual([`Installing ${NAME} with the libtensorflow that it downloads`]);
    expect(findInstallation()).toBeNull();
  });
});

const missing = (await tensorflow.describe()).state === 'missing';

describe.skipIf(missing)('libtensorflow, where it is set up', () => {
  it('keeps the threads that it was started with', async () => {
    const g = GraphBuilder.create();
    const graph = g.finish(g.activation('act', g.input([1, 1, 2]), 'relu'));
    const predictor = await tensorflow.createPredictor(graph, new Map(), { batch: 1, threads: 1 });
    expect(await predictor.run(Float32Array.of(-1, 2))).toEqual(Float32Array.of(0, 2));
    await predictor.dispose();
    await expect(
      tensorflow.createPredictor(graph, new Map(), { batch: 1, threads: 2 }),
    ).rejects.toMatchObject({
      message: 'libtensorflow already runs with 1 threads in this process; 2 were requested.',
    });
  });
});
