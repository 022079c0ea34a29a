import type { ReportView } from '../../reports/view/view.js';

/** The view, as if latency had been measured on four devices with the same times. */
export const onDevices = (view: ReportView): ReportView => {
  const latencyMs = Object.fromEntries(
    view.candidates.flatMap((candidate) =>
      candidate.latencyMs === null ? [] : [[candidate.id, candidate.latencyMs] as const],
    ),
  );
  return {
    ...view,
    devices: ['first', 'second', 'third', 'fourth'].map((name) => ({ name, latencyMs })),
  };
};
