/** Equal latency: knobs are turned by measuring, all candidates together. The milliseconds hold for this machine and this moment. */
import type { BudgetMatch } from '../../../../results/plan/candidate.js';
import type { Engine } from '../../../engines/engine.js';
import { contenderOf, LATENCY_SEED } from '../../../measure/deploy-contender.js';
import { measureLatency } from '../../../measure/latency/measure-latency.js';
import { ALPHA } from '../../../stats/inference.js';
import { logContrast, roundsInference } from '../../../stats/rounds.js';
import { UserError } from '../../../user/user-error.js';
import { buildCandidate, type CandidateSite } from '../candidate.js';
import type { Budget, Knob, Suite, SuiteCandidate } from '../suite/suite-schema.js';
import { neighbours, noneAdmitted, reachOf } from './budget.js';
import { isWithin } from './knob-search.js';
import {
  type Confirmed,
  type JointMeasurement,
  type Probe,
  type Step,
  type Turned,
  turnKnobs,
} from './knob-turning.js';

/** How far the measurements for a budget of latency are. */
export interface BudgetProgress {
  readonly step: Step;
  /** Measurements of the step so far, this one included. */
  readonly measurement: number;
  readonly round: number;
  readonly rounds: number;
}

/** Of the ends and of the search; the chosen values are confirmed as the run will measure them. */
const COARSE = { sessions: 3, rounds: 30 };

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
  const knobs = suite.candidates.flatMap((candidate) =>
    (candidate.knob ?? []).slice(0, 1).map((knob) => latencyKnobOf(suite, candidate, knob, site)),
  );
  const [first] = knobs;
  if (!first) return new Map();
  const yardstick = first.contender(first.values[first.values.length >> 1] ?? Number.NaN);
  const taken: Record<Step, number> = { ends: 0, search: 0, confirm: 0 };
  const measure = async (step: Step, probes: readonly Probe<LatencyKnob>[]): Promise<JointMeasurement> => {
    taken[step] += 1;
    const measurement = taken[step];
    const { outcomes } = await measureLatency({
      engine,
      contenders: [yardstick, ...probes.map(({ knob, value }) => knob.contender(value))],
      ...suite.latency,
      ...(step === 'confirm' ? {} : COARSE),
      seed: LATENCY_SEED,
      onProgress: (round, rounds) => onProgress({ step, measurement, round, rounds }),
    });
    const [reference, ...measured] = outcomes.map(({ candidate, outcome }) => {
      if (outcome.state === 'done') return outcome.result;
      throw new UserError(
        `${candidate}: measuring its latency failed: ${outcome.error}.`,
        'Remove it from the suite, or use a budget of params or macs.',
      );
    });
    const ends = probes.map((probe, i) => ({ ...probe, roundMs: measured[i]?.roundMs ?? [] }));
    if (step === 'ends') for (const knob of knobs) requireEffect(knob, ends);
    return {
      yardstick: reference?.medianMs ?? Number.NaN,
      costs: measured.map(({ medianMs, interval95Ms }) => ({ cost: medianMs, interval: interval95Ms })),
    };
  };
  const turned = await turnKnobs(knobs, budget, measure);
  const exhausted = turned.find(({ isExhausted }) => isExhausted);
  if (exhausted) throw outOfReach(exhausted, budget);
  return new Map(turned.map((one) => [one.knob.name, matchOf(one, budget)]));
};

interface LatencyKnob {
  readonly name: string;
  readonly knob: Knob;
  /** Admitted ones, rising. */
  readonly values: readonly number[];
  readonly contender: (value: number) => ReturnType<typeof contenderOf>;
}

const latencyKnobOf = (
  suite: Suite,
  candidate: SuiteCandidate,
  knob: Knob,
  site: CandidateSite,
): LatencyKnob => {
  let refusal: UserError | null = null;
  const values = knob.values
    .toSorted((a, b) => a - b)
    .filter((value) => {
      try {
        buildCandidate(suite, candidate, site, { [knob.option]: value });
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
    contenderOf(
      `${name} at ${knob.option}=${value}`,
      buildCandidate(suite, candidate, site, { [knob.option]: value }),
    );
  return { name, knob, values, contender };
};

interface End extends Probe<LatencyKnob> {
  readonly roundMs: readonly (readonly number[])[];
}

const requireEffect = (knob: LatencyKnob, ends: readonly End[]): void => {
  const [low, high] = ends.filter((end) => end.knob === knob);
  if (!low || !high) return;
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
    `${knob.name}: ${knob.knob.option} from ${low.value} to ${high.value} does not change its latency beyond noise ` +
      `(95 % interval of the change: ${share(least)} to ${share(most)}).`,
    'Use another knob or another budget metric, or measure on a quieter machine.',
  );
};

const matchOf = (turned: Turned<LatencyKnob>, budget: Budget): BudgetMatch => {
  const { knob, value, confirmed } = turned;
  const { metric, target, tolerance } = budget;
  const last = confirmed.find((one) => one.value === value);
  if (last === undefined || !isWithin(last, budget)) throw outOfReach(turned, budget);
  const off = (of: number): number => (of - target) / target;
  const [low, high] = last.interval;
  const residualInterval95: [number, number] = [off(low), off(high)];
  const { option } = knob.knob;
  return { metric, target, tolerance, knob: option, value, residual: off(last.cost), residualInterval95 };
};

const outOfReach = (
  { knob: { name, knob }, confirmed }: Turned<LatencyKnob>,
  { target, tolerance }: Budget,
): UserError => {
  const nearest = neighbours(confirmed, target).map(
    (one) => `${knob.option}=${one.value} gives ${msText(one)}`,
  );
  return new UserError(
    `${name}: no value of ${reachOf(knob)} measured within ` +
      `${Number((100 * tolerance).toPrecision(6))} % of ${target} ms when all candidates were timed together on this machine.`,
    `Nearest: ${nearest.join('; ')}. Widen the knob, loosen the tolerance, change the target, or measure on a quieter machine.`,
  );
};

const msText = ({ cost, interval }: Confirmed): string =>
  `${ms(cost)} ms (95 % interval ${interval.map(ms).join(' to ')})`;

const ms = (value: number): string => value.toPrecision(4);
