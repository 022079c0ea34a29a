import { compile } from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { CHARTS } from '../../../reports/charts/registry.js';
import { renderSvg } from '../../../reports/charts/render.js';
import { viewOf } from '../../../reports/view/view.js';
import type { Plan } from '../../../results/plan/plan.js';
import type { LatencyState, Run } from '../../../results/run/run.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { asFactorial } from '../../support/factorial.js';
import { inInt8 } from '../../support/in-int8.js';
import { withCandidates } from '../../support/many-candidates.js';
import { onDevices } from '../../support/on-devices.js';
import { profiledRun } from '../../support/profiled-run.js';
import { HOSTILE_NAMES, runFixture } from '../../support/run-fixture.js';

const PENDING: LatencyState = { state: 'pending' };

const unmeasured = (run: Run): Run => ({
  ...run,
  latency: new Map(run.plan.candidates.map(({ name }) => [name, PENDING])),
});

const untrained = (run: Run): Run => ({
  ...run,
  trials: run.trials.map(({ key, candidate, seed }) => ({ state: 'pending', key, candidate, seed })),
});

/** One round takes three times as long. */
const withSpike = (run: Run): Run => ({
  ...run,
  latency: new Map(
    [...run.latency].map(([name, state]): [string, LatencyState] => {
      if (state.state !== 'done') return [name, state];
      const [[first = 0, ...others] = [], ...sessions] = state.result.roundMs;
      return [
        name,
        { state: 'done', result: { ...state.result, roundMs: [[3 * first, ...others], ...sessions] } },
      ];
    }),
  ),
});

/** The last candidate costs a hundred times as much. */
const withGiant = (plan: Plan): Plan => ({
  ...plan,
  candidates: plan.candidates.map((candidate, index) => {
    if (index < plan.candidates.length - 1) return candidate;
    const { deploy } = candidate.costs;
    const grown = { ...deploy, params: 100 * deploy.params, macs: 100 * deploy.macs };
    return { ...candidate, costs: { ...candidate.costs, deploy: grown } };
  }),
});

const RUNS: Readonly<Record<string, Run>> = {
  'five blocks and a network, with failures': runFixture({ epochs: 4 }).run,
  'a factorial design': runFixture({ epochs: 4, change: asFactorial }).run,
  'a giant, and a spike': withSpike(runFixture({ epochs: 4, change: withGiant }).run),
  'one candidate, one epoch': runFixture({ epochs: 1, change: withCandidates(1) }).run,
  'forty candidates': runFixture({ epochs: 4, seeds: 2, change: withCandidates(40) }).run,
  'one seed: no intervals': runFixture({ epochs: 4, seeds: 1, failures: false }).run,
  'in int8': runFixture({ epochs: 4, change: inInt8 }).run,
  'no latency yet': unmeasured(runFixture({ epochs: 4 }).run),
  'no accuracy yet': untrained(runFixture({ epochs: 4 }).run),
  'with a profile': profiledRun(runFixture({ epochs: 4 }).run),
  'nothing yet': unmeasured(untrained(runFixture({ epochs: 4 }).run)),
};

const viewed = (run: Run) => viewOf({ run, analysis: analysisFixture(run) });

/** What Vega-Lite says of a spec. */
const complaintsOf = (spec: Parameters<typeof compile>[0]): string[] => {
  const complaints: string[] = [];
  const record = (...messages: readonly unknown[]) => {
    complaints.push(messages.join(' '));
    return logger;
  };
  const logger = { level: () => logger, error: record, warn: record, info: record, debug: () => logger };
  compile(spec, { logger });
  return complaints;
};

/** Every object within a value. */
const within = (value: unknown): Record<string, unknown>[] => {
  if (typeof value !== 'object' || value === null) return [];
  const deeper = Object.values(value).flatMap(within);
  return Array.isArray(value) ? deeper : [{ ...value }, ...deeper];
};

const NEEDS: Record<
  string,
  'accuracy' | 'latency' | 'costs' | 'both' | 'factors' | 'devices' | 'profile' | 'int8'
> = {
  'differences-top1': 'accuracy',
  'accuracy-params': 'accuracy',
  'accuracy-latency': 'both',
  'accuracy-macs': 'accuracy',
  'accuracy-peak-memory': 'accuracy',
  'accuracy-latency-2': 'devices',
  'accuracy-latency-3': 'devices',
  'accuracy-latency-4': 'devices',
  'verdict-matrix': 'accuracy',
  'accuracy-int8': 'int8',
  'drop-int8': 'int8',
  'factor-effects-top1': 'factors',
  'factor-effects-latency': 'factors',
  'differences-latency': 'latency',
  'latency-distribution': 'latency',
  'latency-rounds': 'latency',
  roofline: 'profile',
  'validation-curves': 'accuracy',
  'loss-curves': 'accuracy',
  'kernel-magnitudes-3': 'accuracy',
  'kernel-magnitudes-5': 'accuracy',
  'kernel-magnitudes-7': 'accuracy',
  'connection-patterns-1': 'costs',
  'connection-patterns-2': 'costs',
  'cost-share-params': 'costs',
  'cost-share-macs': 'costs',
};

describe.each(CHARTS.map((chart) => [chart.id, chart] as const))('chart %s', (id, chart) => {
  it('has an id of its own, a title and a caption', () => {
    expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
    expect(CHARTS.filter((other) => other.id === id)).toHaveLength(1);
    expect(chart.title).toMatch(/^[A-Z].*[^.]$/);
    expect(chart.caption).toMatch(/^[A-Z].*\.$/);
  });

  it.each(Object.entries(RUNS))(
    'is a spec that Vega-Lite takes without a word, and JSON: %s',
    (_name, run) => {
      const drawing = chart.draw(viewed(run));
      if (drawing === null) return;
      expect(complaintsOf(drawing.spec)).toEqual([]);
      expect(JSON.parse(JSON.stringify(drawing.spec))).toEqual(drawing.spec);
    },
  );

  it.each(Object.entries(RUNS))(
    'draws no number that is none, and no label outside: %s',
    async (_name, run) => {
      const drawing = chart.draw(viewed(run));
      if (drawing === null) return;
      const svg = await renderSvg(drawing);
      expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
      expect(svg).toMatch(/^<svg viewBox="0 0 400 \d+(\.\d+)?" [^>]*role="img" aria-label="[^"]{20,}"/);
    },
  );

  it('is left out where there is nothing to draw, and only there', () => {
    const drawn = (run: Run | undefined) => run !== undefined && chart.draw(viewed(run)) !== null;
    const needs = NEEDS[id];
    expect(drawn(RUNS['no latency yet'])).toBe(needs === 'accuracy' || needs === 'costs');
    expect(drawn(RUNS['no accuracy yet'])).toBe(needs === 'latency' || needs === 'costs');
    expect(drawn(RUNS['nothing yet'])).toBe(needs === 'costs');
    expect(drawn(RUNS['five blocks and a network, with failures'])).toBe(
      !['factors', 'devices', 'profile', 'int8'].includes(needs ?? ''),
    );
    expect(drawn(RUNS['a factorial design'])).toBe(!['devices', 'profile', 'int8'].includes(needs ?? ''));
    expect(drawn(RUNS['with a profile'])).toBe(!['factors', 'devices', 'int8'].includes(needs ?? ''));
    expect(drawn(RUNS['in int8'])).toBe(!['factors', 'devices', 'profile'].includes(needs ?? ''));
    const [run] = Object.values(RUNS);
    if (run)
      expect(chart.draw(onDevices(viewed(run))) !== null).toBe(
        !['factors', 'profile', 'int8'].includes(needs ?? ''),
      );
  });

  it('names nothing by field or expression: users’ texts are data', () => {
    const [run] = Object.values(RUNS);
    const drawing = run && chart.draw(viewed(run));
    for (const object of within(drawing?.spec)) {
      for (const key of ['field', 'expr', 'test', 'filter']) {
        expect(String(object[key])).not.toContain('owned');
      }
    }
  });
});

it('every chart is listed with what it needs', () => {
  expect(Object.keys(NEEDS)).toEqual(CHARTS.map(({ id }) => id));
});

it.each(Object.entries(RUNS))('a candidate has one colour in all charts: %s', (_name, run) => {
  const view = viewed(run);
  const colors = new Map(view.candidates.map(({ label, look }) => [label, look.color]));
  for (const chart of CHARTS) {
    for (const object of within(chart.draw(view)?.spec)) {
      const { domain, range, candidate, color } = object;
      if (
        Array.isArray(domain) &&
        Array.isArray(range) &&
        colors.has(domain[0]) &&
        `${range[0]}`.startsWith('#')
      ) {
        expect(range).toEqual(domain.map((label) => colors.get(label)));
      }
      if (typeof candidate === 'string' && typeof color === 'string')
        expect(color).toBe(colors.get(candidate));
    }
  }
});

it('names that break out of attributes stay text', async () => {
  const [run] = Object.values(RUNS);
  for (const chart of CHARTS) {
    const drawing = run && chart.draw(viewed(run));
    const svg = drawing ? await renderSvg(drawing) : '';
    expect(svg).not.toMatch(/<(script|img)/);
    for (const name of Object.values(HOSTILE_NAMES)) expect(svg).not.toContain(name);
  }
});
