/** A made-up profile of a run's candidates: pointwise convolutions near the peak, depthwise ones near the bandwidth. */
import type { ProfileRecord } from '../../results/profile/profile-file.js';
import type { Run } from '../../results/run/run.js';

export const profileOf = ({ plan }: Run): ProfileRecord => ({
  schema: 1,
  planKey: plan.planKey,
  at: '2025-01-02T03:04:05.000Z',
  engine: plan.conditions.engine,
  cpu: 'Example CPU <2.0 GHz>',
  batch: 1,
  threads: 1,
  rounds: 12,
  peakMacsPerSecond: 5e10,
  bytesPerSecond: 1e10,
  profilerMs: 0.005,
  networks: plan.candidates.map(({ name, costs: { deploy } }) => {
    const pointwise = {
      path: 'expand',
      kind: 'pointwise',
      macs: 0.9 * deploy.macs,
      bytes: 0.05 * deploy.macs,
    } as const;
    const depthwise = {
      path: 'spatial',
      kind: 'depthwise',
      macs: 0.1 * deploy.macs,
      bytes: 0.08 * deploy.macs,
    } as const;
    const layout = { path: 'ReorderOutput', kind: 'layout', macs: 0, bytes: 8_192, ms: 0.01 } as const;
    return {
      name,
      medianMs: deploy.macs / 1.5e7,
      interval95Ms: [deploy.macs / 1.52e7, deploy.macs / 1.48e7],
      kernels: [
        { ...pointwise, ms: pointwise.macs / 4e7 },
        { ...depthwise, ms: depthwise.macs / 5e6 },
        layout,
      ],
    };
  }),
});

export const profiledRun = (run: Run): Run => ({ ...run, profile: profileOf(run) });
