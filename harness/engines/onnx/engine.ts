/** onnxruntime on the CPU, behind the engine interface. Its native library is loaded at the first use, so that its absence can be told. */
import type { Engine } from '../engine.js';

export const onnxruntime: Engine = {
  id: 'onnxruntime',
  describe: async () => {
    try {
      const { env } = await import('onnxruntime-node');
      return { state: 'available', version: env.versions.node ?? 'unknown', device: 'cpu' };
    } catch (error) {
      return {
        state: 'missing',
        reason: `onnxruntime-node does not load: ${error instanceof Error ? error.message : String(error)}`,
        remedy:
          `It has libraries for Linux and Windows on x64 and arm64 and for macOS on arm64; this is ${process.platform} on ` +
          `${process.arch}. On one of those, run npm install onnxruntime-node again.`,
      };
    }
  },
  createTrainer: async (graph, weights, options) => {
    const { createOnnxTrainer } = await import('./train/trainer.js');
    return createOnnxTrainer(graph, weights, options);
  },
  createPredictor: async (graph, weights, options) => {
    const { createOnnxPredictor } = await import('./session.js');
    return createOnnxPredictor(graph, weights, options);
  },
};
