/** What PyTorch computes on, the best first. */
export const DEVICES = ['cuda', 'mps', 'cpu'] as const;

/** One of `DEVICES`. */
export type Device = (typeof DEVICES)[number];

let gpu: number | null = null;

/** Of several GPUs, the one that this process computes on from now on; the first where none is chosen. */
export const chooseGpu = (index: number): void => {
  gpu = index;
};

/** What PyTorch calls the device. */
export const placeOn = (device: Device): string =>
  device === 'cuda' && gpu !== null ? `cuda:${gpu}` : device;
