/** From a candidate of a suite to its graph and costs. */
import { buildNetwork } from '../../blocks/build.js';
import { asChoice, printChoice } from '../../blocks/selector.js';
import { withOptions } from '../../blocks/subject.js';
import type { CandidateRecord } from '../../results/record.js';
import { blockShare, type Cost, cost } from '../cost/cost.js';
import type { Graph } from '../graph/graph.js';
import { fingerprint, skeletonFingerprint } from '../graph/print.js';
import type { MapShape } from '../graph/shape.js';
import { deployForm } from '../rewrite/deploy.js';
import { UserError } from '../user-error.js';
import { type BudgetMatch, matchBudget } from './budget.js';
import { channelOperators } from './channel-operators.js';
import type { Suite, SuiteCandidate } from './suite-schema.js';

export interface CandidateSite {
  readonly input: MapShape;
  readonly classes: number;
}

/** The candidate's network with its knob, where it has one, at `value`. Throws UserError naming the candidate where it cannot be built. */
export const buildCandidate = (
  suite: Suite,
  candidate: SuiteCandidate,
  site: CandidateSite,
  value?: number,
): Graph => {
  try {
    return buildNetwork(choiceOf(suite, candidate, value), site);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${candidate.name}: ${error.message}`, error.remedy);
  }
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
  const graph = buildCandidate(suite, candidate, site, match?.value);
  const trained = cost(graph);
  const operators = channelOperators(graph);
  return {
    name: candidate.name,
    group: graph.nodes.some(({ block }) => block !== undefined) ? 'lightnet' : 'network',
    selection: printChoice(choiceOf(suite, candidate, match?.value)),
    fingerprint: fingerprint(graph),
    skeleton: skeletonFingerprint(graph),
    costs: { train: formCost(trained), deploy: formCost(cost(deployForm(graph).graph)) },
    blockShare: blockShare(trained),
    ...(operators.length === 0 ? {} : { channelOperators: operators }),
    ...(candidate.factors === undefined ? {} : { factors: candidate.factors }),
    ...(match === null ? {} : { budget: match }),
  };
};

/** What the knob of a candidate is turned to; null where it has none, or the suite no budget. */
export const budgetOf = (
  suite: Suite,
  candidate: SuiteCandidate,
  site: CandidateSite,
): BudgetMatch | null => {
  const { budget } = suite;
  const { knob, name } = candidate;
  if (!budget || !knob) return null;
  const { metric } = budget;
  if (metric === 'latency') throw new RangeError(`The latency of ${name} was not measured.`);
  return matchBudget(name, budget, knob, (value) => {
    const trained = buildCandidate(suite, candidate, site, value);
    return cost(deployForm(trained).graph)[metric];
  });
};

/** Network and block with all their settings, the knob at `value`. */
export const choiceOf = (
  suite: Suite,
  { network, block, set = {}, knob }: SuiteCandidate,
  value?: number,
) => {
  const settings = knob === undefined || value === undefined ? set : { ...set, [knob.option]: value };
  const skeleton = network === undefined ? { id: 'lightnet', set: suite.skeleton } : asChoice(network);
  if (block === undefined) return withOptions(skeleton, settings);
  return withOptions(skeleton, { block: withOptions(block, settings) });
};

const formCost = ({
  params,
  macs,
  flops,
  activationBytes,
  byKind,
}: Cost): CandidateRecord['costs']['train'] => ({
  params,
  macs,
  flops,
  activationBytes,
  byKind,
});
