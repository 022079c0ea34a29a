/** What is particular to each metric of a history. */
import type { HistoryMetric, HistoryRow, HistoryRun } from '../../../results/history/history.js';
import { DEFAULT_THRESHOLDS } from '../../../results/plan/thresholds.js';
import type { Direction } from '../../stats/verdict.js';
import { floatConditions } from '../comparable/comparable.js';

export interface MetricRule {
  readonly direction: Direction;
  /** What must be equal for two values to be compared. */
  readonly conditions: (run: HistoryRun, row: HistoryRow) => object;
  /** A scale on which noise is alike at every level, and back; null where there is no noise. */
  readonly noise: {
    readonly to: (value: number) => number;
    readonly from: (scaled: number) => number;
    /** Smallest change of practical importance, on the scale. */
    readonly threshold: number;
  } | null;
  readonly effect: (from: number, to: number) => number;
}

const ratio = (from: number, to: number): number => to / from - 1;

const budgetOf = ({ budgetMetric, budgetTarget }: HistoryRow): object =>
  budgetMetric === null ? {} : { budget: `${budgetMetric}=${budgetTarget}` };

const input = ({ plan: { conditions } }: HistoryRun): object => ({
  input: conditions.input.join('x'),
  classes: conditions.dataset.classes,
});

const cost: MetricRule = {
  direction: 'lower-is-better',
  conditions: (run, row) => ({ ...input(run), ...budgetOf(row) }),
  noise: null,
  effect: ratio,
};

export const METRIC_RULES: Readonly<Record<HistoryMetric, MetricRule>> = {
  top1: {
    direction: 'higher-is-better',
    conditions: ({ plan }, row) => ({ ...floatConditions(plan.conditions), ...budgetOf(row) }),
    noise: { to: (share) => share, from: (share) => share, threshold: DEFAULT_THRESHOLDS.top1 },
    effect: (from, to) => to - from,
  },
  latency: {
    direction: 'lower-is-better',
    conditions: (run, row) => ({
      cpu: run.environment.cpu,
      cores: run.environment.cores,
      engine: run.plan.conditions.engine,
      ...input(run),
      batch: run.plan.latency.batch,
      threads: run.plan.latency.threads,
      ...budgetOf(row),
    }),
    noise: { to: Math.log, from: Math.exp, threshold: Math.log1p(DEFAULT_THRESHOLDS.latency) },
    effect: ratio,
  },
  params: cost,
  macs: cost,
  flops: cost,
};
