import { describe, expect, it } from 'vitest';
import { disturbances, othersShare, watchMachine } from '../../../../harness/measure/machine/disturbance.js';
import {
  latencyMeasurementSchema,
  type MachineState,
} from '../../../../results/measurement/latency-record.js';
import type { WarningKind } from '../../../../results/measurement/warning.js';

describe('watchMachine', () => {
  it('gives what the record asks for', async () => {
    const end = await watchMachine();
    const conditions = await end();
    const measurement = { earlyLooks: 0, endedEarly: false, conditions };
    expect(latencyMeasurementSchema.parse(measurement)).toEqual(measurement);
    expect(conditions.cores).toBeGreaterThan(0);
  });
});

describe('othersShare', () => {
  const zero = { all: 0, busy: 0, own: 0 };

  it('is what all did less what this process did, worked by hand', () => {
    expect(othersShare({ all: 1000, busy: 500, own: 100 }, { all: 3000, busy: 1500, own: 600 })).toBe(0.25);
  });

  it('stays within 0 and 1, whatever the clocks round', () => {
    expect(othersShare(zero, { all: 100, busy: 50, own: 51 })).toBe(0);
    expect(othersShare(zero, { all: 100, busy: 101, own: 0 })).toBe(1);
  });

  it('is unknown where the system does not count', () => {
    expect(othersShare(zero, zero)).toBeNull();
  });
});

describe('disturbances', () => {
  const quiet: MachineState = {
    loadAverage: [9, 9, 9],
    governor: 'performance',
    throttled: 2,
    speedLimit: 1,
  };
  const unknown: MachineState = { loadAverage: [0, 0, 0], governor: null, throttled: null, speedLimit: null };

  it('has nothing to say of a quiet machine, or of what cannot be read', () => {
    expect(disturbances({ start: quiet, end: quiet, othersShare: 0.25 })).toEqual([]);
    expect(disturbances({ start: unknown, end: unknown, othersShare: null })).toEqual([]);
  });

  it.each<[string, Partial<Parameters<typeof disturbances>[0]>, WarningKind]>([
    ['other programs', { othersShare: 0.26 }, { kind: 'others-busy', share: 0.26 }],
    ['heat meanwhile', { end: { ...quiet, throttled: 5 } }, { kind: 'heat-while-measuring', times: 3 }],
    [
      'power saving',
      { end: { ...quiet, governor: 'powersave' } },
      { kind: 'governor', governor: 'powersave' },
    ],
    ['a speed limit', { end: { ...quiet, speedLimit: 0.72 } }, { kind: 'speed-limit', share: 0.72 }],
  ])('name %s', (_what, change, warning) => {
    expect(disturbances({ start: quiet, end: quiet, othersShare: 0, ...change })).toEqual([warning]);
  });
});
