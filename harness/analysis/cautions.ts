/** What a run cannot tell, and why, one sentence each. */
import type { Run, TrialState } from '../../results/record.js';
import type { Thresholds } from '../../results/thresholds.js';
import { chosenRate } from '../../results/tuning.js';
import { RECOMMENDED_SEEDS } from './accuracy.js';
import { isSameNetwork, pairsOf } from './comparisons.js';
import type { DesignState } from './factors.js';

export interface CautionFacts {
  readonly run: Run;
  readonly thresholds: Thresholds;
  readonly latencyNoiseFloor: number | null;
  readonly designs: readonly DesignState[];
}

export const cautionsOf = (facts: CautionFacts): readonly string[] => [
  ...trialCautions(facts.run),
  ...collapseCautions(facts.run),
  ...seedCautions(facts.run),
  ...tuningCautions(facts.run),
  ...lookCautions(facts.run),
  ...latencyCautions(facts),
  ...budgetCautions(facts.run),
  ...sameNetworks(facts.run),
  ...facts.designs.flatMap((design) =>
    design.state === 'incomplete'
      ? [`No effects of factors are given: the design is not a full factorial (${design.reason}).`]
      : [],
  ),
];

const namesOf = (trials: readonly TrialState[]): string =>
  trials.map(({ candidate, seed }) => `${candidate} seed ${seed}`).join(', ');

const trialCautions = ({ trials }: Run): readonly string[] => {
  const named = (state: 'failed' | 'pending') => {
    const these = trials.filter((trial) => trial.state === state);
    return { count: these.length, list: namesOf(these) };
  };
  const [failed, pending] = [named('failed'), named('pending')];
  const rest = 'candidates are compared on the seeds that both have.';
  return [
    ...(failed.count > 0
      ? [`${failed.count} of ${trials.length} trials failed (${failed.list}): ${rest}`]
      : []),
    ...(pending.count > 0
      ? [`${pending.count} of ${trials.length} trials are not done (${pending.list}): ${rest}`]
      : []),
  ];
};

/** A training that has not left chance says more of the recipe than of the network, and widens all that it is compared with. */
const collapseCautions = ({ plan, trials }: Run): readonly string[] => {
  const { classes, testImages } = plan.conditions.dataset;
  const chance = 1 / classes;
  const byChance = chance + 3 * Math.sqrt((chance * (1 - chance)) / testImages);
  const these = trials.filter((trial) => trial.state === 'done' && trial.result.testTop1 <= byChance);
  return these.length === 0
    ? []
    : [
        `${these.length} of ${trials.length} trials learned nothing, their top-1 is that of guessing (${namesOf(these)}): ` +
          'the recipe does not suit them. Try other learning rates, the same for all, with --tune.',
      ];
};

const seedCautions = ({ plan, trials }: Run): readonly string[] => {
  const done = plan.candidates
    .map(({ name }) => trials.filter(({ state, candidate }) => state === 'done' && candidate === name).length)
    .filter((count) => count > 0);
  const fewest = Math.min(...done);
  if (fewest === 1) {
    return [
      'Some accuracies come from one seed: how much they vary between seeds is unknown, and none of their differences is decided. ' +
        `Run at least ${RECOMMENDED_SEEDS}.`,
    ];
  }
  if (fewest < RECOMMENDED_SEEDS) {
    return [
      `Some accuracies come from ${fewest} seeds: their intervals are several times as wide as those of ${RECOMMENDED_SEEDS}, ` +
        'which are recommended.',
    ];
  }
  return [];
};

/** Where a candidate would perhaps have liked a rate that it was not offered. */
const tuningCautions = (run: Run): readonly string[] => {
  const rates = run.plan.conditions.tuning?.learningRates ?? [];
  const [lowest, highest] = [Math.min(...rates), Math.max(...rates)];
  return run.plan.candidates.flatMap(({ name }) => {
    const choice = chosenRate(run, name);
    if (choice?.state !== 'chosen') return [];
    const { learningRate } = choice;
    if (learningRate !== lowest && learningRate !== highest) return [];
    return [
      `${name} did best with the ${learningRate === lowest ? 'lowest' : 'highest'} learning rate that was tried (${learningRate}): ` +
        'its best may lie beyond, and it may be better than shown.',
    ];
  });
};

const lookCautions = ({ plan: { untilDecided } }: Run): readonly string[] =>
  untilDecided
    ? ['Seeds were chosen after a first look at the accuracies: both looks are made at half the level.']
    : [];

const latencyCautions = ({ run, thresholds, latencyNoiseFloor }: CautionFacts): readonly string[] => {
  const missing = [...run.latency].flatMap(([name, { state }]) =>
    state === 'done' ? [] : [`${name} (${state})`],
  );
  if (missing.length === run.latency.size) return ['No latency was measured.'];
  const oneSession = [...run.latency.values()].some(
    (one) => one.state === 'done' && one.result.sessions === 1,
  );
  return [
    ...(missing.length > 0 ? [`Latency was not measured of ${missing.join(', ')}.`] : []),
    ...(oneSession
      ? [
          'Latency was measured in one session: how much it varies between sessions is unknown, and no difference is decided. ' +
            'Measure in at least 4.',
        ]
      : []),
    ...noiseCautions(thresholds.latency, latencyNoiseFloor),
    ...(run.latencyMeasurement?.conditions.warnings ?? []),
  ];
};

const noiseCautions = (threshold: number, floor: number | null): readonly string[] => {
  if (floor === null) {
    return ['The reference was not measured twice: the noise floor of the latencies is unknown.'];
  }
  if (floor <= threshold) return [];
  return [
    `A network seems to differ from itself by up to ${percent(floor)}: differences of latency below that are not told apart, ` +
      `where ${percent(threshold)} was asked for.`,
  ];
};

const budgetCautions = ({ plan: { candidates }, latency }: Run): readonly string[] => {
  const budget = candidates.find((candidate) => candidate.budget !== undefined)?.budget;
  if (budget === undefined) return [];
  const { metric, target, tolerance } = budget;
  const medianMs = (name: string): number | null => {
    const state = latency.get(name);
    return state?.state === 'done' ? state.result.medianMs : null;
  };
  const moved = candidates.flatMap((candidate) => {
    const now = candidate.budget?.metric === 'latency' ? medianMs(candidate.name) : null;
    if (now === null || Math.abs(now / target - 1) <= tolerance) return [];
    return [
      `${candidate.name} was turned to the latency budget before the run, and was measured ${percent(now / target - 1)} off it in the run.`,
    ];
  });
  return [
    ...(metric === 'latency'
      ? [
          'The latency budget was met by measuring on this machine: on another, or another day, other values of the knobs meet it.',
        ]
      : []),
    ...moved,
    ...candidates
      .filter((candidate) => candidate.budget === undefined)
      .flatMap(({ name, costs }) => {
        const cost = metric === 'latency' ? medianMs(name) : costs.deploy[metric];
        if (cost === null) return [];
        const verb = metric === 'latency' ? 'differs' : 'differ';
        return [
          `${name} has no knob: its ${metric} ${verb} from the budget by ${percent(cost / target - 1)}.`,
        ];
      }),
  ];
};

const sameNetworks = ({ plan: { candidates } }: Run): readonly string[] =>
  pairsOf(candidates)
    .filter(isSameNetwork)
    .map(([one, other]) => `${one.name} and ${other.name} are the same network: a tie by identity.`);

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
