import type { RunEvent } from '../../run/status/events.js';
import { printNote } from '../command.js';

interface Watched {
  readonly logFile?: string;
  readonly metrics?: number;
}

export interface Watcher {
  readonly onEvent: (event: RunEvent) => void;
  readonly close: () => void | Promise<void>;
}

/** The log and the metrics, where they are asked for. */
export const openWatchers = async ({ logFile, metrics }: Watched): Promise<readonly Watcher[]> => {
  const watchers: Watcher[] = [];
  if (logFile !== undefined) {
    const { openRunLog } = await import('./run-log.js');
    watchers.push(openRunLog(logFile));
  }
  if (metrics !== undefined) {
    const { serveRunMetrics } = await import('./run-metrics.js');
    const served = await serveRunMetrics(metrics);
    printNote(`metrics  ${served.url}`);
    watchers.push(served);
  }
  return watchers;
};
