/**
 * Equal latency: knobs are turned by measuring, all candidates together.
 *
 *   ends      the smallest and the largest value of every knob, in one measurement: does it change the latency at all?
 *   search    halving between two values on both sides of the target, few rounds each
 *   confirm   all chosen values in one measurement, as the run will measure them; who is off is turned and measured again, a few times
 *
 * The milliseconds hold for this machine and this moment.
 */
import type { Engine } from '../engines/engine.js';
import { type LatencyOptions, measureLatency } from '../measure/latency.js';
import { ALPHA } from '../stats/inference.js';
import { logContrast, roundsInference } from '../stats/rounds.js';
import { UserError } from '../user-error.js';
import { type BudgetMatch, neighbours, type Tried } from './budget.js';
import { buildCandidate, type CandidateSite } from './candidate.js';
import { correctedValue, nearest, nextProbe } from './knob-search.js';
import { contenderOf, LATENCY_SEED } from './latency.js';
import type { Budget, Knob, Suite, SuiteCandidate } from './suite-schema.js';

export interface BudgetProgress {
  readonly step: 'ends' | 'search' | 'confirm';
  /** Measurements of the step so far, this one included. */
  readonly measurement: number;
  readonly round: number;
  readonly rounds: number;
}

const ENDS = { sessions: 3, rounds: 12 };

const SEARCH = { sessions: 1, rounds: 5 };

/** Confirming measurements in which knobs are still turned. */
const CORRECTIONS = 3;

/**
 * By candidate with a knob. Throws UserError where a knob admits no value, does not change the latency, or does not bring it within the
 * tolerance, and where a network cannot be measured.
 */
export const matchLatency = async (
  suite: Suite,
  budget: Budget,
  site: CandidateSite,
  engine: Pick<Engine, 'createPredictor'>,
  onProgress: (progress: BudgetProgress) => void = () => {},
): Promise<ReadonlyMap<string, BudgetMatch>> => {
  const searches = suite.candidates.flatMap((candidate) =>
    candidate.knob === undefined ? [] : [searchOf(suite, candidate, candidate.knob, site)],
  );
  if (searches.length === 0) return new Map();
  const measureIn = (step: BudgetProgress['step'], size: typeof ENDS) => {
    let measurement = 0;
    return (probes: readonly Probe[]) => {
      measurement += 1;
      const at = measurement;
      return measure(probes, {
        engine,
        batch: suite.latency.batch,
        threads: suite.latency.threads,
        ...size,
        seed: LATENCY_SEED,
        onProgress: (round, rounds) => onProgress({ step, measurement: at, round, rounds }),
      });
    };
  };
  await measureEnds(searches, measureIn('ends', ENDS));
  await narrow(searches, budget, measureIn('search', SEARCH));
  const found = await confirm(searches, budget, measureIn('confirm', suite.latency));
  return new Map(found.map((measured) => [measured.search.name, matchOf(measured, budget)]));
};

interface Search {
  readonly name: string;
  readonly knob: Knob;
  /** Admitted ones, rising. */
  readonly values: readonly number[];
  readonly contender: (value: number) => ReturnType<typeof contenderOf>;
  /** Cost in milliseconds. */
  readonly tried: Tried[];
}

interface Probe {
  readonly search: Search;
  readonly value: number;
}

interface Measured extends Probe {
  readonly cost: number;
  readonly interval: readonly [number, number];
  readonly roundMs: readonly (readonly number[])[];
}

type Measure = (probes: readonly Probe[]) => Promise<readonly Measured[]>;

const searchOf = (suite: Suite, candidate: SuiteCandidate, knob: Knob, site: CandidateSite): Search => {
  let refusal: UserError | null = null;
  const values = knob.values
    .toSorted((a, b) => a - b)
    .filter((value) => {
      try {
        buildCandidate(suite, candidate, site, value);
        return true;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        refusal = error;
        return false;
      }
    });
  const { name } = candidate;
  if (values.length === 0) throw noneAdmitted(name, knob, refusal);
  const contender = (value: number) =>
    contenderOf(`${name} ${value}`, buildCandidate(suite, candidate, site, value));
  return { name, knob, values, contender, tried: [] };
};

const measure = async (
  probes: readonly Probe[],
  options: Omit<LatencyOptions, 'contenders'>,
): Promise<readonly Measured[]> => {
  const contenders = probes.map(({ search, value }) => search.contender(value));
  const { outcomes } = await measureLatency({ ...options, contenders });
  return probes.map((probe, i) => {
    const outcome = outcomes[i]?.outcome;
    if (outcome?.state === 'done') {
      const { medianMs, interval95Ms, roundMs } = outcome.result;
      return { ...probe, cost: medianMs, interval: interval95Ms, roundMs };
    }
    throw new UserError(
      `${probe.search.name}: its latency at ${probe.search.knob.option}=${probe.value} cannot be measured: ${outcome?.error ?? 'it was left out'}.`,
      'Take it out of the suite, or ask for a budget of params or macs.',
    );
  });
};

const measureEnds = async (searches: readonly Search[], measure: Measure): Promise<void> => {
  const ends = searches.flatMap((search) =>
    [...new Set([search.values[0], search.values.at(-1)])].flatMap((value) =>
      value === undefined ? [] : [{ search, value }],
    ),
  );
  const measured = await measure(ends);
  for (const search of searches) {
    const [low, high] = measured.filter((one) => one.search === search);
    if (low && high) requireEffect(search, low, high);
  }
  for (const { search, value, cost } of measured) search.tried.push({ value, cost });
};

const requireEffect = ({ name, knob: { option } }: Search, low: Measured, high: Measured): void => {
  const ratio = roundsInference(
    logContrast([
      { weight: 1, rounds: high.roundMs },
      { weight: -1, rounds: low.roundMs },
    ]),
  );
  const [least, most] = ratio.interval(ALPHA);
  if (least > 0 || most < 0) return;
  const share = (log: number): string => `${(100 * Math.expm1(log)).toFixed(1)} %`;
  throw new UserError(
    `${name}: ${option} from ${low.value} to ${high.value} does not change its latency by more than noise does ` +
      `(${ms(low.cost)} and ${ms(high.cost)} ms; 95 % interval of the change ${share(least)} to ${share(most)}).`,
    'Name a knob that does, another metric for the budget, or measure on a quieter machine.',
  );
};

const narrow = async (searches: readonly Search[], budget: Budget, measure: Measure): Promise<void> => {
  for (;;) {
    const probes = searches.flatMap((search) => {
      const value = nextProbe(search.values, search.tried, budget);
      return value === null ? [] : [{ search, value }];
    });
    if (probes.length === 0) return;
    for (const { search, value, cost } of await measure(probes)) search.tried.push({ value, cost });
  }
};

/** The last measurement, of all searches together. */
const confirm = async (
  searches: readonly Search[],
  { target, tolerance }: Budget,
  measure: Measure,
): Promise<readonly Measured[]> => {
  const confirmed = new Map<Search, Tried[]>(searches.map((search) => [search, []]));
  const foundOf = (search: Search): Tried[] => confirmed.get(search) ?? [];
  const isOff = ({ cost }: Tried): boolean => Math.abs(cost - target) > tolerance * target;
  let probes: readonly Probe[] = searches.map((search) => ({
    search,
    value: nearest(search.tried, target).value,
  }));
  for (let round = 0; ; round += 1) {
    const measured = await measure(probes);
    for (const { search, value, cost } of measured) foundOf(search).push({ value, cost });
    if (round === CORRECTIONS || !measured.some(isOff)) return measured;
    const next = measured.map((one): Probe => {
      const { search, value } = one;
      if (!isOff(one)) return { search, value };
      const found = foundOf(search);
      if (round === CORRECTIONS - 1) return { search, value: nearest(found, target).value };
      const known = new Set(found.map((tried) => tried.value));
      return { search, value: correctedValue(search.values, search.tried, one, known, target) };
    });
    if (next.every(({ value }, i) => value === probes[i]?.value)) return measured;
    probes = next;
  }
};

const matchOf = (
  { search, value, cost, interval: [low, high] }: Measured,
  { metric, target, tolerance }: Budget,
): BudgetMatch => {
  const off = (of: number): number => (of - target) / target;
  const residual = off(cost);
  if (Math.abs(residual) <= tolerance) {
    const residualInterval95: [number, number] = [off(low), off(high)];
    return { metric, target, tolerance, knob: search.knob.option, value, residual, residualInterval95 };
  }
  const tried = [...search.tried.filter((one) => one.value !== value), { value, cost }];
  const rounded = tried.map((one) => ({ value: one.value, cost: Number(ms(one.cost)) }));
  const { option, values } = search.knob;
  throw new UserError(
    `${search.name}: no value of ${option} from ${Math.min(...values)} to ${Math.max(...values)} was measured within ` +
      `${Number((100 * tolerance).toPrecision(6))} % of ${target} ms on this machine; at ${option}=${value} the 95 % interval is ${ms(low)} to ${ms(high)} ms.`,
    `Nearest: ${neighbours(rounded, target, option, ' ms').join('; ')}. Widen the knob, loosen the tolerance, change the target, or measure on a quieter machine.`,
  );
};

const noneAdmitted = (name: string, { option, values }: Knob, refusal: UserError | null): UserError =>
  new UserError(
    `${name}: none of the values of ${option} from ${Math.min(...values)} to ${Math.max(...values)} is admitted${refusal === null ? '' : ` (${refusal.message})`}.`,
    refusal?.remedy ?? 'Widen the knob.',
  );

const ms = (value: number): string => value.toPrecision(4);
