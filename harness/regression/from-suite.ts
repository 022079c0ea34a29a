import { printChoice } from '../../blocks/selector.js';
import { describeEnvironment } from '../measure/environment.js';
import { budgetOf, buildCandidate, type CandidateSite, choiceOf } from '../run/candidate.js';
import { LATENCY_SEED } from '../run/latency.js';
import { loadSuite } from '../run/load-suite.js';
import { siteOf } from '../run/plan.js';
import type { Suite, SuiteCandidate } from '../run/suite-schema.js';
import { initialWeights } from '../train/initialise.js';
import { countedForms } from './counted.js';
import type { Snapshot, SnapshotEntry } from './snapshot.js';

/**
 * The candidates of a suite. Compared with a former snapshot of it they stand where they stood there, with the knob of each where the
 * budget search had put it: a search of today could hide that a part has grown. Throws UserError where a candidate cannot be built.
 */
export const suiteSnapshot = async (name: string, former: Snapshot | null): Promise<Snapshot> => {
  const { suite, source } = await loadSuite(name);
  const site = formerSite(former) ?? (await siteOfData(suite));
  return {
    kind: 'code',
    name,
    source,
    madeOf: 'code',
    environment: await describeEnvironment({}),
    entries: suite.candidates.map((candidate) => candidateEntry(suite, candidate, site, former)),
    latency: suite.latency,
    thresholds: suite.thresholds,
    accuracy: null,
  };
};

/** The data sets' machinery is loaded only where it is needed: a cost check on every commit is to be quick. */
const siteOfData = async (suite: Suite): Promise<CandidateSite> => {
  const { loadDataset } = await import('../data/registry.js');
  return siteOf(suite, await loadDataset(suite.data.dataset));
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
      const { exportModel } = await import('../measure/exported-model.js');
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
