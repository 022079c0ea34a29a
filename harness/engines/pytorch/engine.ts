/** The user's own PyTorch behind the engine interface. Python is started at the first use. */
import type { Engine } from '../engine.js';
import { bestDevice, describeTorch, torchState } from './describe.js';
import { type Device, type Place, placeOn } from './device.js';

const onDevice = (wanted: Device | 'best'): Engine => {
  const place = async (): Promise<Place> => placeOn(wanted === 'best' ? await bestDevice() : wanted);
  return {
    id: 'pytorch',
    describe: async () => torchState(await describeTorch(), wanted),
    load: async () => {
      const { pythonProcess } = await import('./process.js');
      await Promise.all([pythonProcess(), import('./trainer.js'), import('./predictor.js')]);
    },
    createTrainer: async (graph, weights, options) => {
      const { createTorchTrainer } = await import('./trainer.js');
      return createTorchTrainer(graph, weights, options, await place());
    },
    createPredictor: async (graph, weights, options) => {
      const { createTorchPredictor } = await import('./predictor.js');
      return createTorchPredictor(graph, weights, options, await place());
    },
  };
};

/** On the best device that works: CUDA, else MPS, else the CPU. */
export const pytorch: Engine = {
  ...onDevice('best'),
  onOtherDevices: {
    cuda: onDevice('cuda'),
    mps: onDevice('mps'),
    cpu: onDevice('cpu'),
  } satisfies Record<Device, Engine>,
};
