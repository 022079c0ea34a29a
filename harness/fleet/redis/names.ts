/** What things are called in Redis. */

/** Before the keys of every queue. */
export const PREFIX = 'lightbench';

export const trainingQueue = (run: string): string => `${run}-train`;

export const measuringQueue = (run: string, device: string): string => `${run}-measure-${device}`;

/** Of everything that BullMQ keeps of a run. */
export const queueKeys = (run: string): string => `${PREFIX}:${run}-*`;

/** Register of the runs that want workers. */
export const RUNS = `${PREFIX}:runs`;

export const workersOf = (run: string): string => `${PREFIX}:run:${run}:workers`;

/** Register of the workers that cannot serve a run, with their reasons. */
export const refusalsOf = (run: string): string => `${PREFIX}:run:${run}:refusals`;

export const sheetOf = (run: string): string => `${PREFIX}:run:${run}:sheet`;

/** Hash of graph records by fingerprint. */
export const graphsOf = (run: string): string => `${PREFIX}:run:${run}:graphs`;

export const checkpointOf = (run: string, key: string): string => `${PREFIX}:run:${run}:checkpoint:${key}`;

/** Trained weights on their way to the coordinator. */
export const weightsOf = (run: string, key: string): string => `${PREFIX}:run:${run}:weights:${key}`;

/** Of a trial or a try. BullMQ takes no numbers as ids, and a key may happen to be one. */
export const jobOf = (key: string): string => `t-${key}`;
