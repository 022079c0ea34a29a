/** What a run cannot tell, and why. */
import { countedCost } from '../../results/plan/counted-cost.js';
import { untimedInInt8 } from '../../results/plan/plan.js';
import type { Thresholds } from '../../results/plan/thresholds.js';
import type { Run, TrialState } from '../../results/run/run.js';
import { chosenRate } from '../../results/run/tuning.js';
import { FIRST_LOOK } from '../stats/looks.js';
import type { Caution, TrialName } from './caution.js';
import { RECOMMENDED_SEEDS } from './evidence/accuracy.js';
import type { DesignState } from './factors.js';

export interface CautionFacts {
  readonly run: Run;
  readonly thresholds: Thresholds;
  readonly latencyNoiseFloor: number | null;
  readonly designs: readonly DesignState[];
}

export const cautionsOf = (facts: CautionFacts): readonly Caution[] => [
  ...trialCautions(facts.run),
  ...collapseCautions(facts.run),
  ...seedCautions(facts.run),
  ...tuningCautions(facts.run),
  ...(facts.run.plan.untilDecided ? [{ kind: 'several-looks' } as const] : []),
  ...latencyCautions(facts),
  ...int8Cautions(facts.run),
  ...budgetCautions(facts.run),
  ...sameNetworks(facts.run),
  ...facts.designs.flatMap((design): Caution[] =>
    design.state === 'incomplete'
      ? [
          {
            kind: 'incomplete-design',
            candidates: design.candidates,
            combinations: design.combinations,
          },
        ]
      : [],
  ),
];

const namesOf = (trials: readonly TrialState[]): readonly TrialName[] =>
  trials.map(({ candidate, seed }) => ({ candidate, seed }));

const trialCautions = ({ trials }: Run): readonly Caution[] =>
  (['failed', 'pending'] as const).flatMap((state): Caution[] => {
    const these = trials.filter((trial) => trial.state === state);
    return these.length === 0 ? [] : [{ kind: `trials-${state}`, trials: namesOf(these), of: trials.length }];
  });

/** A training that has not left chance says more of the recipe than of the network, and widens all that it is compared with. */
const collapseCautions = ({ plan, trials }: Run): readonly Caution[] => {
  const { classes, testImages } = plan.conditions.dataset;
  const chance = 1 / classes;
  const guessing = chance + 3 * Math.sqrt((chance * (1 - chance)) / testImages);
  const these = trials.filter((trial) => trial.state === 'done' && trial.result.testTop1 <= guessing);
  if (these.length === 0) return [];
  const some = { trials: namesOf(these), of: trials.length };
  return [
    guessing - chance > BLURRED_CHANCE
      ? { kind: 'lost-in-chance', testImages, guessing, ...some }
      : { kind: 'learned-nothing', ...some },
  ];
};

/** What guessing may reach beyond chance before it is the test images that are too few, not the training. */
const BLURRED_CHANCE = 0.1;

const seedCautions = ({ plan, trials }: Run): readonly Caution[] => {
  const done = plan.candidates
    .map(({ name }) => trials.filter(({ state, candidate }) => state === 'done' && candidate === name).length)
    .filter((count) => count > 0);
  const recommended = RECOMMENDED_SEEDS;
  if (Math.max(...done) === 1) return [{ kind: 'one-seed', recommended }];
  const seeds = Math.min(...done);
  return seeds < recommended ? [{ kind: 'few-seeds', seeds, recommended }] : [];
};

/** Where candidates would perhaps have liked a rate that they were not offered. */
const tuningCautions = (run: Run): readonly Caution[] => {
  const rates = run.plan.conditions.tuning?.learningRates ?? [];
  const [lowest, highest] = [Math.min(...rates), Math.max(...rates)];
  const atEdge = run.plan.candidates.flatMap(({ name }) => {
    const choice = chosenRate(run, name);
    if (choice?.state !== 'chosen') return [];
    const { learningRate } = choice;
    return learningRate === lowest || learningRate === highest ? [{ candidate: name, learningRate }] : [];
  });
  return atEdge.length === 0 ? [] : [{ kind: 'rate-at-edge', candidates: atEdge, lowest, highest }];
};

const latencyCautions = ({ run, thresholds, latencyNoiseFloor }: CautionFacts): readonly Caution[] => {
  const missing = [...run.latency].flatMap(([candidate, { state }]) =>
    state === 'done' ? [] : [{ candidate, state }],
  );
  if (missing.length === run.latency.size) return [{ kind: 'no-latency' }];
  const sessions = Math.min(
    ...[...run.latency.values()].flatMap((one) => (one.state === 'done' ? [one.result.sessions] : [])),
  );
  return [
    ...(missing.length > 0 ? [{ kind: 'latency-missing', candidates: missing } as const] : []),
    ...sessionCautions(sessions),
    ...noiseCautions(thresholds.latency, latencyNoiseFloor),
    ...(run.latencyMeasurement?.conditions.warnings ?? []).map(
      (warning): Caution => ({ kind: 'machine', warning }),
    ),
  ];
};

const sessionCautions = (sessions: number): readonly Caution[] => {
  const recommended = RECOMMENDED_SESSIONS;
  if (sessions === 1) return [{ kind: 'one-session', recommended }];
  return sessions < FIRST_LOOK ? [{ kind: 'few-sessions', sessions, recommended }] : [];
};

const RECOMMENDED_SESSIONS = 4;

const noiseCautions = (threshold: number, floor: number | null): readonly Caution[] => {
  if (floor === null) return [{ kind: 'no-control' }];
  return floor <= threshold ? [] : [{ kind: 'noise-floor', floor, threshold }];
};

const int8Cautions = ({ plan: { conditions }, trials }: Run): readonly Caution[] => {
  const untimed = untimedInInt8(conditions);
  const failed = trials.flatMap((trial) => {
    const reason = trial.state === 'done' ? trial.result.int8Failure : undefined;
    return reason === undefined ? [] : [{ trial, reason }];
  });
  const [first] = failed;
  const these = namesOf(failed.map(({ trial }) => trial));
  return [
    ...(first === undefined
      ? []
      : [{ kind: 'int8-failed', trials: these, of: trials.length, reason: first.reason } as const]),
    ...(untimed === null ? [] : [{ kind: 'no-int8-latency', ...untimed } as const]),
  ];
};

const budgetCautions = ({ plan: { candidates }, latency }: Run): readonly Caution[] => {
  const budget = candidates.find((candidate) => candidate.budget !== undefined)?.budget;
  if (budget === undefined) return [];
  const { metric, target, tolerance } = budget;
  const medianMs = (name: string): number | null => {
    const state = latency.get(name);
    return state?.state === 'done' ? state.result.medianMs : null;
  };
  const moved = candidates.flatMap(({ name, budget: own }): Caution[] => {
    const now = own?.metric === 'latency' ? medianMs(name) : null;
    if (now === null || Math.abs(now / target - 1) <= tolerance) return [];
    return [{ kind: 'off-latency-budget', candidate: name, residual: now / target - 1 }];
  });
  return [
    ...(metric === 'latency' ? [{ kind: 'budget-of-this-machine' } as const] : []),
    ...moved,
    ...candidates
      .filter((candidate) => candidate.budget === undefined)
      .flatMap(({ name, costs }): Caution[] => {
        const cost = metric === 'latency' ? medianMs(name) : countedCost(costs.deploy, metric);
        return cost === null
          ? []
          : [{ kind: 'no-knob', candidate: name, metric, residual: cost / target - 1 }];
      }),
  ];
};

const sameNetworks = ({ plan: { candidates } }: Run): readonly Caution[] => {
  const fingerprints = new Set(candidates.map(({ fingerprint }) => fingerprint));
  return [...fingerprints]
    .map((fingerprint) => candidates.filter((one) => one.fingerprint === fingerprint))
    .filter(({ length }) => length > 1)
    .map((same): Caution => ({ kind: 'same-network', candidates: same.map(({ name }) => name) }));
};
