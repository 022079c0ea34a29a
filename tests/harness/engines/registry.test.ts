import { describe, expect, it } from 'vitest';
import { ENGINE_IDS, type Engine } from '../../../harness/engines/engine.js';
import { onnxruntime } from '../../../harness/engines/onnx/engine.js';
import { ENGINES, resolveEngine } from '../../../harness/engines/registry.js';

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
});

describe('resolveEngine', () => {
  it('gives the engine that was asked for', async () => {
    const resolved = await resolveEngine('onnxruntime');
    expect(resolved).toMatchObject({ engine: onnxruntime, device: 'cpu', reason: 'asked for' });
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
      message: 'There is no engine abacus.',
      remedy: `Name one of auto, ${Object.keys(ENGINES).join(', ')}.`,
    });
  });
});
