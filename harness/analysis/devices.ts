/** Latency device by device: each is judged by itself, and only what is decided on both tells two apart. */
import type { CandidateRecord } from '../../results/plan/candidate.js';
import { DEFAULT_THRESHOLDS } from '../../results/plan/thresholds.js';
import type { DeviceLatency, Run } from '../../results/run/run.js';
import type { DeviceAnalysis, OrderChange } from './analysis.js';
import { compareLatencies, pairsOf, rankings } from './comparisons.js';
import { latenciesOf, latencyAlpha, latencyEvidence, noiseFloorOf } from './evidence/latency.js';

/** Of every device of the run, its own first; empty where it has no other. */
export const analyseDevices = (
  run: Run,
  groups: readonly (readonly CandidateRecord[])[],
): readonly DeviceAnalysis[] =>
  run.otherDevices.length === 0
    ? []
    : [run, ...run.otherDevices].map((device) => analyseDevice(device, run, groups));

const analyseDevice = (
  device: DeviceLatency,
  { plan: { thresholds = DEFAULT_THRESHOLDS } }: Run,
  groups: readonly (readonly CandidateRecord[])[],
): DeviceAnalysis => {
  const latencies = latenciesOf(device);
  const noiseFloor = noiseFloorOf(device);
  const evidence = latencyEvidence(latencies, thresholds.latency, noiseFloor, latencyAlpha(device));
  const medians = new Map([...latencies].map(([name, { medianMs }]) => [name, medianMs]));
  return {
    device: device.latencyMeasurement?.device ?? null,
    noiseFloor,
    latencyMs: [...latencies].map(([candidate, { medianMs, interval95Ms }]) => ({
      candidate,
      value: medianMs,
      interval: interval95Ms,
    })),
    groups: groups.map((group) => {
      const comparisons = compareLatencies(evidence, pairsOf(group)).flatMap((one) =>
        one === null ? [] : [one.comparison],
      );
      const own = new Map(group.flatMap(({ name }) => medianOf(medians, name)));
      const none = new Map<string, number>();
      const values = { top1: none, params: none, macs: none, flops: none, 'peak-memory': none, latency: own };
      return { comparisons, ranking: rankings(comparisons, values).latency };
    }),
  };
};

const medianOf = (
  medians: ReadonlyMap<string, number>,
  name: string,
): readonly (readonly [string, number])[] => {
  const median = medians.get(name);
  return median === undefined ? [] : [[name, median]];
};

/** Pairs of which one is decided to be faster on some devices and slower on others. Devices are counted from 0. */
export const orderChangesOf = (devices: readonly DeviceAnalysis[]): readonly OrderChange[] => {
  const seen = new Map<string, OrderChange>();
  for (const [index, { groups }] of devices.entries()) {
    for (const { candidate, reference, verdict } of groups.flatMap(({ comparisons }) => comparisons)) {
      if (verdict.state !== 'better' && verdict.state !== 'worse') continue;
      const key = JSON.stringify([candidate, reference]);
      const known = seen.get(key) ?? { candidate, reference, fasterOn: [], slowerOn: [] };
      const side = verdict.state === 'better' ? 'fasterOn' : 'slowerOn';
      seen.set(key, { ...known, [side]: [...known[side], index] });
    }
  }
  return [...seen.values()].filter(({ fasterOn, slowerOn }) => fasterOn.length > 0 && slowerOn.length > 0);
};
