/** What PyTorch computes on, the best first. */
export const DEVICES = ['cuda', 'mps', 'cpu'] as const;

/** One of `DEVICES`. */
export type Device = (typeof DEVICES)[number];
