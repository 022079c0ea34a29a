import { describe, expect, it } from 'vitest';
import {
  LOW_POWER_MODE,
  machineState,
  powerModeOf,
  speedLimitOf,
} from '../../../../harness/measure/machine/machine-state.js';

describe('machineState', () => {
  it('reads what the system tells, and guesses nothing', async () => {
    const { loadAverage, throttled, speedLimit } = await machineState();
    expect(loadAverage.every((load) => load >= 0)).toBe(true);
    expect(throttled ?? 0).toBeGreaterThanOrEqual(0);
    expect(speedLimit ?? 1).toBeGreaterThan(0);
  });
});

describe('what pmset prints', () => {
  it.each([
    [' standby              1\n lowpowermode         1\n', LOW_POWER_MODE],
    [' lowpowermode         0\n', null],
    [' lowpowermode         10\n', null],
    ['', null],
  ])('tells of the power mode in %j', (settings, mode) => {
    expect(powerModeOf(settings)).toBe(mode);
  });

  it.each([
    ['\tCPU_Scheduler_Limit \t= 100\n\tCPU_Available_CPUs \t= 8\n\tCPU_Speed_Limit \t= 72\n', 0.72],
    ['Note: No thermal warning level has been recorded\n', null],
  ])('tells of the speed limit in %j', (therm, limit) => {
    expect(speedLimitOf(therm)).toBe(limit);
  });
});
