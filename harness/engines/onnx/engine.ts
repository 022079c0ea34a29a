/** onnxruntime behind the engine interface. Its native library is loaded at the first use, so that its absence can be told. */
import { PYTORCH_FEATURES } from '../../recipe/recipe.js';
import type { Engine, Int8Engine } from '../engine.js';
import { describeProvider, type Provider } from './provider.js';

const onDevice = (provider: Provider): Engine => ({
  id: 'onnxruntime',
  lacks: PYTORCH_FEATURES,
  describe: () => describeProvider(provider),
  load: async () => {
    await Promise.all([import('./train/trainer.js'), import('./session.js')]);
  },
  createTrainer: async (graph, weights, options) => {
    const { createOnnxTrainer } = await import('./train/trainer.js');
    return createOnnxTrainer(graph, weights, options, provider);
  },
  createPredictor: async (graph, weights, options) => {
    const { createOnnxPredictor } = await import('./session.js');
    return createOnnxPredictor(graph, weights, options, provider);
  },
});

/** Of every trained network, whichever engine trained it. */
export const onnxruntimeInt8: Int8Engine = {
  createObserver: async (...given) => {
    const { createObserver } = await import('./int8/session.js');
    return createObserver(...given);
  },
  createPredictor: async (...given) => {
    const { createInt8Predictor } = await import('./int8/session.js');
    return createInt8Predictor(...given);
  },
  createTrainer: async (form, weights, options) => {
    const { createOnnxTrainer } = await import('./train/trainer.js');
    return createOnnxTrainer(form.graph, weights, options, 'cpu', form);
  },
};

/** On the CPU, unless another device is asked for. An operation that a device's provider does not have runs on the CPU. */
export const onnxruntime: Engine = {
  ...onDevice('cpu'),
  int8: onnxruntimeInt8,
  onOtherDevices: {
    cuda: onDevice('cuda'),
    webgpu: onDevice('webgpu'),
    coreml: onDevice('coreml'),
    directml: onDevice('directml'),
  } satisfies Record<Exclude<Provider, 'cpu'>, Engine>,
};
