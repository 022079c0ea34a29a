/** What PyTorch computes on, the best first. */
export const DEVICES = ['cuda', 'mps', 'cpu'] as const;

/** One of `DEVICES`. */
export type Device = (typeof DEVICES)[number];

let gpu: number | null = null;

/** Of several GPUs, the one that this process computes on from now on; the first where none is chosen. */
export const chooseGpu = (index: number): void => {
  gpu = index;
};

/** Where a network is computed. */
export interface Place {
  /** What PyTorch calls it. */
  readonly device: string;
  /** Whether images are painted there, too. On a CPU the harness paints them, which takes half of the time. */
  readonly paints: boolean;
}

export const placeOn = (device: Device): Place => ({
  device: device === 'cuda' && gpu !== null ? `cuda:${gpu}` : device,
  paints: device !== 'cpu',
});
