/** Snapshots of today's code: every registered part, or the candidates of a suite. */
import { listDefinitions } from '../../blocks/lookup.js';
import { printChoice } from '../../blocks/selector.js';
import { placed } from '../catalogue/worked-example.js';
import { cost } from '../cost/cost.js';
import { operationRows } from '../cost/operations.js';
import { loadDataset } from '../data/registry.js';
import type { Graph } from '../graph/graph.js';
import { fingerprint } from '../graph/print.js';
import { describeEnvironment } from '../measure/environment.js';
import { exportModel } from '../measure/exported-model.js';
import { deployForm } from '../rewrite/deploy.js';
import { budgetOf, buildCandidate, type CandidateSite, choiceOf } from '../run/candidate.js';
import { LATENCY_SEED } from '../run/latency.js';
import { loadSuite } from '../run/load-suite.js';
import { siteOf } from '../run/plan.js';
import type { Suite, SuiteCandidate } from '../run/suite-schema.js';
import { initialWeights } from '../train/initialise.js';
import type { Snapshot, SnapshotEntry } from './snapshot.js';

export const CATALOGUE = 'catalogue';

/** Every registered operator, block and network with its default options, where the catalogue page counts it. Costs only. */
export const catalogueSnapshot = async (): Promise<Snapshot> => ({
  kind: 'code',
  name: CATALOGUE,
  source: CATALOGUE,
  madeOf: 'code',
  environment: await describeEnvironment({}),
  entries: listDefinitions().map((definition) => ({
    name: definition.id,
    selection: definition.id,
    ...countedForms(placed(definition)).record,
    model: null,
  })),
  latency: null,
  accuracy: null,
});

/**
 * The candidates of a suite. Compared with a former snapshot of it they stand where they stood there, with the knob of each where the
 * budget search had put it: a search of today could hide that a part has grown. Throws UserError where a candidate cannot be built.
 */
export const suiteSnapshot = async (name: string, former: Snapshot | null): Promise<Snapshot> => {
  const { suite, source } = await loadSuite(name);
  const site = formerSite(former) ?? siteOf(suite, await loadDataset(suite.data.dataset));
  return {
    kind: 'code',
    name,
    source,
    madeOf: 'code',
    environment: await describeEnvironment({}),
    entries: suite.candidates.map((candidate) => candidateEntry(suite, candidate, site, former)),
    latency: suite.latency,
    accuracy: null,
  };
};

const formerSite = (former: Snapshot | null): CandidateSite | null => {
  const entry = former?.entries.find(({ classes }) => classes !== undefined);
  return entry?.classes === undefined ? null : { input: entry.input, classes: entry.classes };
};

const candidateEntry = (
  suite: Suite,
  candidate: SuiteCandidate,
  site: CandidateSite,
  former: Snapshot | null,
): SnapshotEntry => {
  const { name } = candidate;
  const knob =
    former?.entries.find((entry) => entry.name === name)?.knob ?? searchedKnob(suite, candidate, site);
  const { graph, deployed, record } = countedForms(buildCandidate(suite, candidate, site, knob?.value));
  return {
    name,
    selection: printChoice(choiceOf(suite, candidate, knob?.value)),
    classes: site.classes,
    ...(knob === undefined ? {} : { knob }),
    ...record,
    model: async () => {
      const weights = deployed.convert(initialWeights(graph, LATENCY_SEED));
      const { record, bytes } = exportModel(deployed.graph, weights, suite.latency);
      return { record, read: async () => bytes };
    },
  };
};

const searchedKnob = (
  suite: Suite,
  candidate: SuiteCandidate,
  site: CandidateSite,
): SnapshotEntry['knob'] => {
  const match = budgetOf(suite, candidate, site);
  return match === null ? undefined : { option: match.knob, value: match.value };
};

const countedForms = (graph: Graph) => {
  const deployed = deployForm(graph);
  return {
    graph,
    deployed,
    record: {
      input: [...graph.input.shape] satisfies [number, number, number],
      fingerprint: fingerprint(graph),
      train: totalsOf(graph),
      deploy: totalsOf(deployed.graph),
      operations: async () => ({ train: operationRows(graph), deploy: operationRows(deployed.graph) }),
    },
  };
};

const totalsOf = (graph: Graph): SnapshotEntry['train'] => {
  const { params, macs, flops, activationBytes } = cost(graph);
  return { params, macs, flops, activationBytes };
};
