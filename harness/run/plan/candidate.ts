/** From a candidate of a suite to its graph and costs. */
import { buildNetwork } from '../../../blocks/build.js';
import { asChoice, printChoice } from '../../../blocks/choice.js';
import type { Choice } from '../../../blocks/part.js';
import { withOptions } from '../../../blocks/subject.js';
import type { CountedMetric } from '../../../results/plan/budget-metrics.js';
import {
  type BudgetMatch,
  type CandidateRecord,
  type FormCost,
  knobsOf,
} from '../../../results/plan/candidate.js';
import { blockShare, cost } from '../../cost/cost.js';
import { peakMemory, weightBytes } from '../../cost/memory.js';
import { requireBatchStatistics } from '../../graph/batch-statistics.js';
import type { Graph } from '../../graph/graph.js';
import { fingerprint, skeletonFingerprint } from '../../graph/print.js';
import type { MapShape } from '../../graph/shape.js';
import { requireFewParameters } from '../../graph/sizes.js';
import { deployForm } from '../../rewrite/deploy.js';
import { UserError } from '../../user/user-error.js';
import { initialFrom } from '../../weights/initial.js';
import { matchBudget } from './budget/budget.js';
import { isCounted, matchTwoBudgets, type Settings } from './budget/two-budgets.js';
import { channelOperators } from './channel-operators.js';
import type { Suite, SuiteCandidate } from './suite/suite-schema.js';

export interface CandidateSite {
  readonly input: MapShape;
  readonly classes: number;
}

/** The candidate's network with its knobs, where it has some, where these settings put them. Throws UserError naming the candidate where it cannot be built or trained. */
export const buildCandidate = (
  suite: Suite,
  candidate: SuiteCandidate,
  site: CandidateSite,
  settings: Settings = {},
): Graph => {
  try {
    const choice = choiceOf(suite, candidate, settings);
    const built = buildNetwork(choice, site);
    const graph = candidate.init === undefined ? built : startedFrom(candidate.init, choice, built);
    requireFewParameters(graph);
    requireBatchStatistics(graph, suite.recipe.batch);
    return graph;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${candidate.name}: ${error.message}`, error.remedy);
  }
};

/** The same, built twice. Throws UserError also where the second network is another one. */
export const buildSteadily = (...place: Parameters<typeof buildCandidate>): Graph => {
  const graph = buildCandidate(...place);
  if (fingerprint(buildCandidate(...place)) === fingerprint(graph)) return graph;
  const [, { name }] = place;
  throw new UserError(
    `${name}: its parts build another network every time.`,
    'What a part builds must follow from its input, its place and its options alone: neither from chance or the clock, nor from what it built before.',
  );
};

/**
 * Turns the knob to the budget, where there are both, and counts. What a budget of latency comes to was measured before. Throws
 * UserError where the budget cannot be met.
 */
export const planCandidate = (
  suite: Suite,
  candidate: SuiteCandidate,
  site: CandidateSite,
  measured: BudgetMatch | null = null,
): CandidateRecord => {
  const match = measured ?? budgetOf(suite, candidate, site);
  const settings = settingsOf(match ?? undefined);
  const graph = buildSteadily(suite, candidate, site, settings);
  const operators = channelOperators(graph);
  return {
    name: candidate.name,
    group: graph.nodes.some(({ block }) => block !== undefined) ? 'lightnet' : 'network',
    selection: printChoice(choiceOf(suite, candidate, settings)),
    fingerprint: fingerprint(graph),
    skeleton: skeletonFingerprint(graph),
    costs: { train: formCost(graph), deploy: formCost(deployForm(graph).graph) },
    blockShare: blockShare(cost(graph)),
    ...(operators.length === 0 ? {} : { channelOperators: operators }),
    ...(graph.initial === undefined ? {} : { init: graph.initial.digest }),
    ...(candidate.factors === undefined ? {} : { factors: candidate.factors }),
    ...(match === null ? {} : { budget: match }),
  };
};

/** The network with the weights of a file to start from. Throws UserError where they are not its own. */
const startedFrom = (file: string, { id }: Choice, graph: Graph): Graph => {
  const network = typeof id === 'string' ? id : id.id;
  return { ...graph, initial: initialFrom(file, { network, graph }) };
};

/** What the knobs of a candidate are turned to; null where it has none, or the suite no budget. */
export const budgetOf = (
  suite: Suite,
  candidate: SuiteCandidate,
  site: CandidateSite,
): BudgetMatch | null => {
  const [first, second] = suite.budget ?? [];
  const [knob, another] = candidate.knob ?? [];
  const { name } = candidate;
  if (!first || !knob) return null;
  if (!isCounted(first)) {
    throw new UserError(
      `${name}: its ${knob.option} depends on a latency budget, which only a run can measure.`,
      `Run the suite ${suite.id} and name the run folder instead of the suite.`,
    );
  }
  const costsAt = (settings: Settings) =>
    countedCosts(deployForm(buildCandidate(suite, candidate, site, settings)).graph);
  if (second === undefined || !isCounted(second)) {
    return matchBudget(name, first, knob, (value) => costsAt({ [knob.option]: value })[first.metric]);
  }
  return matchTwoBudgets(name, [first, second], another ? [knob, another] : [knob], costsAt);
};

/** Where a match has put the knobs. */
export const settingsOf = (match: BudgetMatch | undefined): Settings =>
  match === undefined ? {} : Object.fromEntries(knobsOf(match).map(({ option, value }) => [option, value]));

/** Network and block with all their settings, the knobs where `turned` puts them. */
export const choiceOf = (
  suite: Suite,
  { network, block, set = {} }: SuiteCandidate,
  turned: Settings = {},
) => {
  const settings = { ...set, ...turned };
  const skeleton = network === undefined ? { id: 'lightnet', set: suite.skeleton } : asChoice(network);
  if (block === undefined) return withOptions(skeleton, settings);
  return withOptions(skeleton, { block: withOptions(block, settings) });
};

/** The peak memory is counted where it is asked for: it takes longer than the rest. */
const countedCosts = (graph: Graph): Readonly<Record<CountedMetric, number>> => {
  const { params, macs } = cost(graph);
  return {
    params,
    macs,
    get 'peak-memory'() {
      return peakMemory(graph).values;
    },
  };
};

const formCost = (graph: Graph): FormCost => {
  const { params, macs, flops, activationBytes, byKind } = cost(graph);
  return {
    ...{ params, macs, flops, activationBytes, byKind },
    peakMemory: peakMemory(graph),
    weightBytes: weightBytes(graph),
  };
};
