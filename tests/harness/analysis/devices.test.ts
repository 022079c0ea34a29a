import { describe, expect, it } from 'vitest';
import { analyse } from '../../../harness/analysis/analyse.js';
import { reportPage } from '../../../reports/page/page.js';
import { summaryTable } from '../../../reports/summary-table.js';
import { orderChangeTexts } from '../../../reports/wording/devices.js';
import type { DeviceRecord } from '../../../results/measurement/device.js';
import type { Run } from '../../../results/run/run.js';
import { measuredRun } from '../../support/measured-run.js';
import { seededRandom } from '../../support/random.js';

const random = seededRandom(11);

/** Sessions of rounds around a median, one part in a thousand wide. */
const roundsAround = (medianMs: number): number[][] =>
  Array.from({ length: 5 }, () =>
    Array.from({ length: 12 }, () => medianMs * (1 + 0.001 * (random() - 0.5))),
  );

const measured = (a: number, b: number): Run =>
  measuredRun({
    candidates: [
      { name: 'a', roundMs: roundsAround(a) },
      { name: 'b', roundMs: roundsAround(b) },
    ],
    control: roundsAround(a),
  });

const device = (name: string, kind: DeviceRecord['kind']): DeviceRecord => ({
  ...{ id: `of ${name}`, kind, name, tags: [], cpu: 'c', cores: 4, platform: 'linux arm64' },
  runtime: 'onnxruntime 1.30.0, cpu',
});

const on = (run: Run, record: DeviceRecord): Run => {
  const conditions = {
    ...{ cpu: record.cpu, cores: record.cores, othersShare: 0, warnings: [] },
    start: {
      loadAverage: [0, 0, 0] as [number, number, number],
      governor: null,
      throttled: null,
      speedLimit: null,
    },
    end: {
      loadAverage: [0, 0, 0] as [number, number, number],
      governor: null,
      throttled: null,
      speedLimit: null,
    },
  };
  return { ...run, latencyMeasurement: { earlyLooks: 0, endedEarly: false, device: record, conditions } };
};

const fleet = (): Run => {
  const own = on(measured(1, 1.2), device('gpu', 'native'));
  const pi = on(measured(9, 7), device('pi5', 'native'));
  const browser = on(measured(3, 3.3), device('gpu', 'browser'));
  return { ...own, otherDevices: [pi, browser] };
};

describe('latency on several devices', () => {
  const run = fleet();
  const analysis = analyse(run);

  it('is ranked within each, and says where the order changes', () => {
    expect(analysis.devices.map(({ groups: [group] }) => group?.ranking[0]?.candidate)).toEqual([
      'a',
      'b',
      'a',
    ]);
    expect(analysis.orderChanges).toEqual([
      { candidate: 'b', reference: 'a', fasterOn: [1], slowerOn: [0, 2] },
    ]);
    expect(orderChangeTexts(analysis)).toEqual([
      'b is faster than a on pi5, and slower on gpu and gpu (browser).',
    ]);
  });

  it('gives every device the verdicts that it has alone, and the run those of its own', () => {
    const alone = (one: Run) => analyse({ ...one, otherDevices: [] }).groups[0]?.comparisons;
    const latencies = alone(run)?.filter(({ metric }) => metric === 'latency');
    expect(analysis.devices[0]?.groups[0]?.comparisons).toEqual(latencies);
    expect(analysis.groups[0]?.comparisons).toEqual(alone(run));
    for (const [index, other] of run.otherDevices.entries()) {
      const own = alone({ ...run, ...other })?.filter(({ metric }) => metric === 'latency');
      expect(analysis.devices[index + 1]?.groups[0]?.comparisons).toEqual(own);
    }
  });

  it('claims no change of order where one device is undecided', () => {
    const noisy = measuredRun({
      candidates: [
        { name: 'a', roundMs: [[1], [3], [2]] },
        { name: 'b', roundMs: [[2], [1], [3]] },
      ],
    });
    const other = on(noisy, device('slow', 'native'));
    expect(analyse({ ...run, otherDevices: [other] }).orderChanges).toEqual([]);
  });

  it('is shown side by side by every report', async () => {
    const page = await reportPage([{ run, analysis }]);
    expect(page).toContain('Latency by device');
    expect(page).toContain('b is faster than a on pi5');
    expect(page).toContain('gpu (browser)');
    const table = summaryTable({ run, analysis, width: 120, colors: false });
    expect(table).toContain('- pi5: 1 b 1.00 ms, 2 a 1.00 ms');
  });

  it('is nothing to show where there is one device alone', async () => {
    const one = { ...run, otherDevices: [] };
    expect(analyse(one).devices).toEqual([]);
    expect(await reportPage([{ run: one, analysis: analyse(one) }])).not.toContain('Latency by device');
  });
});
