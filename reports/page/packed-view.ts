/** A chart view as JSON that a page can hold: comparisons in columns, patterns once, numbers to what can be seen of them. */
import type { Comparison, Interval, Needed, Verdict } from '../../harness/analysis/analysis.js';
import type { MeasuredMetric } from '../../harness/analysis/metrics.js';
import type { ChartCandidate, ChartGroup, ChartView } from '../view/chart-view.js';

export interface PackedView
  extends Pick<ChartView, 'testImages' | 'batch' | 'noiseFloor' | 'devices' | 'roofline' | 'int8'> {
  readonly candidates: readonly PackedCandidate[];
  readonly groups: readonly PackedGroup[];
  /** Channel operators, each once. */
  readonly operators: readonly Operator[];
}

type Operator = NonNullable<ChartCandidate['candidate']['channelOperators']>[number];

type PackedCandidate = Omit<ChartCandidate, 'candidate' | 'rounds' | 'kernels' | 'epochs'> & {
  readonly candidate: Omit<ChartCandidate['candidate'], 'channelOperators'>;
  readonly operators: readonly number[];
  readonly rounds: ChartCandidate['rounds'];
  readonly kernels: ChartCandidate['kernels'];
  /** Epoch, then mean, low and high of the loss and of the validation top-1. */
  readonly epochs: readonly (readonly number[])[];
};

interface PackedGroup extends Pick<ChartGroup, 'title'> {
  /** Places in the list of all. */
  readonly candidates: readonly number[];
  readonly reference: number;
  readonly effects: ChartGroup['comparable']['effects'];
  readonly fronts: ChartGroup['comparable']['fronts'];
  readonly comparisons: Readonly<Record<MeasuredMetric, PackedComparisons>>;
}

interface PackedComparisons {
  readonly threshold: number;
  /** By comparison: candidate, reference, effect, low and high in millionths, place of the state, what is needed, and 1 where that is the least. */
  readonly rows: readonly (readonly (number | null)[])[];
  readonly unit: 'seeds' | 'rounds';
}

const STATES = ['better', 'worse', 'tie', 'undecided'] as const;
const METRICS = ['top1', 'latency'] as const;
const MILLION = 1e6;

export const packView = (view: ChartView): PackedView => {
  const places = new Map(view.candidates.map(({ id }, place) => [id, place]));
  const operators = new Map<string, { readonly place: number; readonly operator: Operator }>();
  const placeOf = (operator: Operator): number => {
    const key = JSON.stringify(operator);
    const known = operators.get(key) ?? { place: operators.size, operator };
    operators.set(key, known);
    return known.place;
  };
  return {
    testImages: view.testImages,
    batch: view.batch,
    noiseFloor: view.noiseFloor,
    devices: view.devices,
    roofline: view.roofline,
    int8: view.int8,
    candidates: view.candidates.map((each) => packCandidate(each, placeOf)),
    groups: view.groups.map((group) => packGroup(group, places)),
    operators: [...operators.values()].map(({ operator }) => operator),
  };
};

const packCandidate = (
  {
    id,
    name,
    shortName,
    label,
    look,
    rank,
    top1,
    latencyMs,
    seedTop1,
    candidate,
    rounds,
    epochs,
    kernels,
  }: ChartCandidate,
  placeOf: (operator: Operator) => number,
): PackedCandidate => ({
  id,
  name,
  shortName,
  label,
  look,
  rank,
  top1,
  latencyMs,
  seedTop1,
  candidate: {
    group: candidate.group,
    costs: { deploy: candidate.costs.deploy },
    ...(candidate.budget === undefined ? {} : { budget: candidate.budget }),
  },
  operators: (candidate.channelOperators ?? []).map(placeOf),
  rounds: rounds && {
    roundMs: rounds.roundMs.map((session) => session.map((ms) => Number(ms.toPrecision(5)))),
    medianMs: rounds.medianMs,
  },
  kernels: kernels.map(({ kernel, matrix }) => ({
    kernel,
    matrix: matrix.map((row) => row.map((share) => Number(share.toPrecision(5)))),
  })),
  epochs: epochs.map(({ epoch, trainLoss, validationTop1 }) => [
    epoch,
    ...[trainLoss, validationTop1].flatMap(({ mean, low, high }) =>
      [mean, low, high].map((value) => Number(value.toPrecision(5))),
    ),
  ]),
});

const packNeeded = ({ count, isLeast }: Needed): readonly number[] => (isLeast ? [count, 1] : [count]);

const packGroup = (
  { title, candidates, reference, comparable }: ChartGroup,
  places: ReadonlyMap<string, number>,
): PackedGroup => {
  const of = (id: string): number => places.get(id) ?? -1;
  const pack = (metric: MeasuredMetric): PackedComparisons => {
    const comparisons = comparable.comparisons.filter((one) => one.metric === metric);
    return {
      threshold: comparisons[0]?.threshold ?? 0,
      unit: metric === 'top1' ? 'seeds' : 'rounds',
      rows: comparisons.map(({ candidate, reference: other, effect, interval, verdict }) => [
        of(candidate),
        of(other),
        ...[effect, interval?.[0] ?? null, interval?.[1] ?? null].map(
          (value) => value && Math.round(value * MILLION),
        ),
        STATES.indexOf(verdict.state),
        ...(verdict.state === 'undecided' && verdict.needed !== null ? packNeeded(verdict.needed) : []),
      ]),
    };
  };
  return {
    title,
    candidates: candidates.map(({ id }) => of(id)),
    reference: of(reference.id),
    effects: comparable.effects,
    fronts: comparable.fronts,
    comparisons: { top1: pack('top1'), latency: pack('latency') },
  };
};

/** The inverse, but for digits that nobody sees. Throws RangeError where a place is none. */
export const unpackView = (packed: PackedView): ChartView => {
  const candidates = packed.candidates.map((each) => unpackCandidate(each, packed.operators));
  const at = (place: number): ChartCandidate => {
    const candidate = candidates[place];
    if (candidate === undefined) throw new RangeError(`There is no candidate ${place}.`);
    return candidate;
  };
  return {
    testImages: packed.testImages,
    batch: packed.batch,
    noiseFloor: packed.noiseFloor,
    devices: packed.devices,
    roofline: packed.roofline,
    int8: packed.int8,
    candidates,
    groups: packed.groups.map((group) => unpackGroup(group, at)),
  };
};

/** Its comparisons, which are many, at their first use: the page is seen before. */
const unpackGroup = (
  { title, candidates, reference, effects, fronts, comparisons }: PackedGroup,
  at: (place: number) => ChartCandidate,
): ChartGroup => {
  let unpacked: Comparison[] | undefined;
  return {
    title,
    candidates: candidates.map(at),
    reference: at(reference),
    comparable: {
      effects,
      fronts,
      get comparisons() {
        unpacked ??= METRICS.flatMap((metric) => unpackComparisons(metric, comparisons[metric], at));
        return unpacked;
      },
    },
  };
};

const unpackCandidate = (
  { operators, epochs, candidate, ...rest }: PackedCandidate,
  all: readonly Operator[],
): ChartCandidate => ({
  ...rest,
  candidate: { ...candidate, channelOperators: operators.flatMap((place) => all[place] ?? []) },
  epochs: epochs.map((values) => {
    const [epoch = 0, ...each] = values;
    const range = (from: number) => ({
      mean: each[from] ?? Number.NaN,
      low: each[from + 1] ?? Number.NaN,
      high: each[from + 2] ?? Number.NaN,
    });
    return { epoch, trainLoss: range(0), validationTop1: range(3) };
  }),
});

const unpackComparisons = (
  metric: MeasuredMetric,
  { threshold, rows, unit }: PackedComparisons,
  at: (place: number) => ChartCandidate,
): Comparison[] =>
  rows.map(([one, other, effect, low, high, state, count, isLeast]): Comparison => {
    const [candidate, reference] = [at(one ?? -1), at(other ?? -1)];
    return {
      metric,
      candidate: candidate.id,
      reference: reference.id,
      effect: (effect ?? 0) / MILLION,
      interval: intervalOf(low, high),
      threshold,
      verdict: verdictOf(
        STATES[state ?? -1] ?? 'undecided',
        count === null || count === undefined ? null : { unit, count, ...(isLeast ? { isLeast: true } : {}) },
      ),
      ...(metric === 'top1' ? { otherwise: otherwiseOf(candidate, reference) } : {}),
    };
  });

const intervalOf = (low: number | null | undefined, high: number | null | undefined): Interval | null =>
  low === null || low === undefined || high === null || high === undefined
    ? null
    : [low / MILLION, high / MILLION];

const verdictOf = (state: Verdict['state'], needed: Needed | null): Verdict =>
  state === 'undecided' ? { state, needed } : { state };

const otherwiseOf = (candidate: ChartCandidate, reference: ChartCandidate) => ({
  macsRatio: candidate.candidate.costs.deploy.macs / reference.candidate.costs.deploy.macs,
  latencyRatio:
    candidate.latencyMs === null || reference.latencyMs === null
      ? null
      : candidate.latencyMs.value / reference.latencyMs.value,
});
