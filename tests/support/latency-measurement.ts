import type {
  LatencyConditions,
  LatencyMeasurementRecord,
} from '../../results/measurement/latency-record.js';

/** The record of a measurement on a quiet machine that could have ended at nine early looks, and did not. */
export const latencyMeasurement = (change: Partial<LatencyConditions> = {}): LatencyMeasurementRecord => {
  const state: LatencyConditions['start'] = {
    loadAverage: [0.25, 0, 0],
    governor: null,
    throttled: null,
    speedLimit: null,
  };
  return {
    earlyLooks: 9,
    endedEarly: false,
    conditions: { cpu: 'x', cores: 2, start: state, end: state, othersShare: 0, warnings: [], ...change },
  };
};
