import { describe, expect, it } from 'vitest';
import { analyseHistory, type HistoryFilter } from '../../../../harness/analysis/history/analyse-history.js';
import type { HistoryRow, HistoryRun } from '../../../../results/history/history.js';
import { commitOf, type MadeRun, madeHistory } from '../../../support/history-fixture.js';
import type { RunFixture } from '../../../support/run-fixture.js';

/** A run as the history reads it; that reading gives the same is tested with the reader. */
const asRead = ({ plan, environment, run }: RunFixture, index: number): HistoryRun => ({
  folder: `run-${index}`,
  plan,
  environment,
  rows: plan.candidates.flatMap(({ name: candidate, costs: { deploy }, budget }): HistoryRow[] => {
    const row = { folder: `run-${index}`, candidate, low: null, high: null, seedValues: null };
    const target = { budgetMetric: budget?.metric ?? null, budgetTarget: budget?.target ?? null };
    const seedValues = run.trials.flatMap((trial) =>
      trial.state === 'done' && trial.candidate === candidate ? [trial.result.testTop1] : [],
    );
    const latency = run.latency.get(candidate);
    return [
      ...(['params', 'macs', 'flops'] as const).map((metric) => ({
        ...row,
        ...target,
        metric,
        value: deploy[metric],
      })),
      {
        ...row,
        ...target,
        metric: 'top1',
        value: seedValues.reduce((sum, value) => sum + value, 0) / seedValues.length,
        seedValues,
      },
      ...(latency?.state === 'done'
        ? [
            {
              ...row,
              ...target,
              metric: 'latency' as const,
              value: latency.result.medianMs,
              low: latency.result.interval95Ms[0],
              high: latency.result.interval95Ms[1],
            },
          ]
        : []),
    ];
  }),
});

const analysed = (count: number, make: (index: number) => MadeRun, filter: HistoryFilter = {}) =>
  analyseHistory(madeHistory(count, make).map(asRead), filter);

/** What changed, as text: candidate, metric, kind, first commit after. */
const changesOf = (tracks: ReturnType<typeof analyseHistory>) =>
  tracks.flatMap(({ candidate, metric, series }) =>
    series.flatMap(({ changes }) => changes.map((change) => ({ candidate, metric, ...change }))),
  );

describe('a history', () => {
  it('of the same code has no change', () => {
    expect(changesOf(analysed(40, () => ({})))).toEqual([]);
  });

  it('names an injected slowdown, a loss of accuracy and a single parameter more, and nothing else', () => {
    const changes = changesOf(
      analysed(40, (i) => ({
        latencyFactor: (candidate) => (candidate === 'depthwise' && i >= 25 ? 1.1 : 1),
        top1Shift: (candidate) => (candidate === 'identity' && i >= 12 ? -0.02 : 0),
        moreParams: (candidate) => (candidate === 'repso' && i === 39 ? 1 : 0),
      })),
    );
    const at = (index: number) => ({
      before: expect.objectContaining({ commit: commitOf(index - 1) }),
      after: expect.objectContaining({ commit: commitOf(index) }),
    });
    expect(changes).toEqual([
      expect.objectContaining({ candidate: 'identity', metric: 'top1', kind: 'regression', ...at(12) }),
      expect.objectContaining({ candidate: 'depthwise', metric: 'latency', kind: 'regression', ...at(25) }),
      expect.objectContaining({ candidate: 'repso', metric: 'params', kind: 'regression', ...at(39) }),
    ]);
    const [accuracy, latency, params] = changes;
    expect(accuracy?.effect).toBeCloseTo(-0.02, 2);
    expect(latency?.effect).toBeCloseTo(0.1, 1);
    expect(params?.effect).toBeCloseTo(1 / 1_497_866, 12);
  });

  it('calls the way back an improvement', () => {
    const changes = changesOf(
      analysed(40, (i) => ({
        latencyFactor: () => (i < 20 ? 1.2 : 1),
        top1Shift: () => (i < 20 ? 0 : 0.03),
        moreParams: () => (i < 20 ? 10 : 0),
      })),
    );
    expect(new Set(changes.map(({ metric }) => metric))).toEqual(new Set(['top1', 'latency', 'params']));
    expect(changes.map(({ kind }) => kind)).toEqual(changes.map(() => 'improvement'));
  });

  it('finds a drift of half a percent a run', () => {
    const changes = changesOf(
      analysed(40, (i) => ({ latencyFactor: (candidate) => (candidate === 'repso' ? 1.005 ** i : 1) })),
    );
    expect(changes.length).toBeGreaterThan(1);
    for (const { candidate, kind } of changes) expect([candidate, kind]).toEqual(['repso', 'regression']);
  });

  it('does not count a value again that equal seeds repeat bit for bit', () => {
    const runs = madeHistory(30, () => ({})).map(asRead);
    const frozen = runs.map((run, index) => ({
      ...run,
      rows: run.rows
        .filter(({ metric }) => metric === 'top1')
        .map((row) => ({ ...row, value: index < 15 ? 0.9 : 0.896, seedValues: null })),
    }));
    expect(changesOf(analyseHistory(frozen))).toEqual([]);
  });
});

describe('what may not be compared', () => {
  const seriesOf = (metric: string, make: (index: number) => MadeRun) =>
    analysed(12, make).find((track) => track.metric === metric && track.candidate === 'depthwise')?.series ??
    [];

  it('milliseconds of two machines are two series, even where the machines take turns, and the reason is told', () => {
    const series = seriesOf('latency', (i) => ({
      cpu: i % 2 === 0 ? 'old' : 'new',
      latencyFactor: () => 1 + (i % 2),
    }));
    expect(series.map(({ conditions, points }) => [conditions.cpu, points.length])).toEqual([
      ['old', 6],
      ['new', 6],
    ]);
    expect(series.map((one) => one.break?.reasons ?? null)).toEqual([null, ['cpu: old and new']]);
    expect(series[1]?.break?.before.commit).toBe(commitOf(0));
    expect(series.flatMap(({ changes }) => changes)).toEqual([]);
  });

  it('another machine does not break costs', () => {
    expect(seriesOf('params', (i) => ({ cpu: String(i) }))).toHaveLength(1);
  });

  it.each([
    ['top1', 'recipe.epochs: 2 and 9', { recipe: { epochs: 9 } }],
    ['top1', 'hash of the data set: 5f2c9d0b7a1e4c38 and other', { dataset: { contentHash: 'other' } }],
    ['latency', 'version of the engine: 1.30.0 and 2', { engine: { version: '2' } }],
    ['macs', 'classes: 10 and 20', { dataset: { classes: 20 } }],
  ] as const)('%s breaks where conditions change: %s', (metric, reason, { ...changed }) => {
    const series = seriesOf(metric, (i) => ({
      change: (plan) => {
        if (i < 6) return plan;
        const { conditions } = plan;
        return {
          ...plan,
          conditions: {
            ...conditions,
            dataset: { ...conditions.dataset, ...('dataset' in changed ? changed.dataset : {}) },
            recipe: { ...conditions.recipe, ...('recipe' in changed ? changed.recipe : {}) },
            engine: { ...conditions.engine, ...('engine' in changed ? changed.engine : {}) },
          },
        };
      },
    }));
    expect(series).toHaveLength(2);
    expect(series[1]?.break?.reasons).toEqual([reason]);
  });

  it('another budget breaks everything', () => {
    const tracks = analysed(4, (i) => ({
      change: (plan) => ({
        ...plan,
        candidates: plan.candidates.map((one) => ({
          ...one,
          ...(one.budget && i > 1 ? { budget: { ...one.budget, target: 3e6 } } : {}),
        })),
      }),
    }));
    for (const { series } of tracks) {
      expect(series[1]?.break?.reasons).toEqual(['budget: params=1500000 and params=3000000']);
    }
  });
});

describe('a filter', () => {
  it.each([
    [{ candidate: /^dep/ }, 5, 20],
    [{ metric: 'latency' }, 6, 20],
    [{ since: new Date('2025-01-11T00:00:00Z') }, 30, 10],
    [{ suite: 'another' }, 0, 0],
  ] as const)('%o leaves %i tracks of %i runs', (filter, tracks, runs) => {
    const left = analysed(20, () => ({}), filter);
    expect(left).toHaveLength(tracks);
    for (const { series } of left) expect(series[0]?.points).toHaveLength(runs);
  });
});
