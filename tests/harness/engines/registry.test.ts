import { describe, expect, it } from 'vitest';
import { ENGINE_IDS, type Engine } from '../../../harness/engines/engine.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { describeEngines, ENGINES, resolveEngine } from '../../../harness/engines/registry.js';

/** onnxruntime on a machine that has no library for it. */
const absent: Engine = {
  ...onnxruntime,
  describe: async () => ({ state: 'missing', reason: 'no library', remedy: 'Install it.' }),
};

describe('the engines', () => {
  it('are listed under their own ids, and each tells what it is', async () => {
    expect(Object.keys(ENGINES).toSorted()).toEqual(ENGINE_IDS.toSorted());
    for (const [id, engine] of Object.entries(ENGINES)) {
      expect(engine.id).toBe(id);
      const state = await engine.describe();
      if (state.state === 'available') expect(state.version).toMatch(/^\d+\.\d+\.\d+/);
      else expect(state.remedy).not.toBe('');
    }
  });

  it('are described by the name that asks for them, with the devices that this platform has', async () => {
    const described = await describeEngines();
    expect(described.map(({ name }) => name)).toEqual(expect.arrayContaining([...ENGINE_IDS]));
    for (const { name, state } of described) {
      if (state.state === 'available') expect((await resolveEngine(name)).version).toBe(state.version);
      else await expect(resolveEngine(name)).rejects.toThrow(`${name} is missing: ${state.reason}.`);
    }
  });
});

describe('resolveEngine', () => {
  it('gives the engine that was asked for', async () => {
    const resolved = await resolveEngine('onnxruntime');
    expect(resolved).toMatchObject({ engine: onnxruntime, device: 'cpu', reason: 'asked for' });
  });

  it('takes another device only where it is told to', async () => {
    const gpu: Engine = {
      ...onnxruntime,
      describe: async () => ({ state: 'available', version: '1.0.0', device: 'gpu' }),
    };
    const engines = [{ ...onnxruntime, onOtherDevices: { gpu } }];
    expect(await resolveEngine('onnxruntime:gpu', engines)).toMatchObject({ engine: gpu, device: 'gpu' });
    expect(await resolveEngine('onnxruntime:cpu', engines)).toMatchObject({ device: 'cpu' });
    expect(await resolveEngine('onnxruntime', engines)).toMatchObject({ device: 'cpu' });
  });

  it('refuses a device that the engine does not compute on', async () => {
    await expect(resolveEngine('onnxruntime:tpu')).rejects.toMatchObject({
      message: 'Here, onnxruntime runs on cpu, not on tpu.',
      remedy:
        'Use onnxruntime, onnxruntime:cuda, onnxruntime:webgpu, onnxruntime:coreml, onnxruntime:directml, or another engine.',
    });
    await expect(resolveEngine('wasm:gpu')).rejects.toMatchObject({
      message: 'Here, wasm runs on cpu, not on gpu.',
      remedy: 'Use wasm, or another engine.',
    });
  });

  it('passes over a missing engine only for auto, and says so', async () => {
    const resolved = await resolveEngine('auto', [absent, onnxruntime]);
    expect(resolved.engine).toBe(onnxruntime);
    expect(resolved.reason).toBe('the first that is available; onnxruntime is missing: no library');
  });

  it('refuses an engine that is missing, with its remedy', async () => {
    const refusal = expect.objectContaining({
      message: 'onnxruntime is missing: no library.',
      remedy: 'Install it.',
    });
    await expect(resolveEngine('onnxruntime', [absent])).rejects.toEqual(refusal);
    await expect(resolveEngine('auto', [absent])).rejects.toEqual(refusal);
  });

  it('refuses an unknown id, with the known ones', async () => {
    await expect(resolveEngine('abacus')).rejects.toMatchObject({
      message: 'Unknown engine "abacus".',
      remedy: `Known engines: auto, ${Object.keys(ENGINES).join(', ')}.`,
    });
  });
});
