import { dirname, isAbsolute } from 'node:path';
import { printChoice } from '../../../blocks/choice.js';
import { LATENCY_SEED } from '../../measure/deploy-contender.js';
import { describeEnvironment } from '../../measure/machine/environment.js';
import { budgetOf, buildSteadily, type CandidateSite, choiceOf } from '../../run/plan/candidate.js';
import { siteOf } from '../../run/plan/plan.js';
import { loadSuite } from '../../run/plan/suite/load-suite.js';
import { splitSource } from '../../run/plan/suite/source.js';
import type { Suite, SuiteCandidate } from '../../run/plan/suite/suite-schema.js';
import { initialWeights } from '../../train/initialise.js';
import { countedForms } from './counted.js';
import type { Snapshot, SnapshotEntry } from './snapshot.js';

/**
 * The candidates of a suite. Compared with a former snapshot of it, the knobs that each still has stand where the budget search had put
 * them: a search of today could hide that a part has grown. Throws UserError where a candidate cannot be built.
 */
export const suiteSnapshot = async (name: string, former: Snapshot | null): Promise<Snapshot> => {
  const { suite, source } = await loadSuite(name);
  const site = formerSite(suite, former) ?? (await siteOfData(suite));
  return {
    kind: 'code',
    name,
    source,
    madeOf: 'code',
    environment: await describeEnvironment({}, folderOf(source)),
    entries: suite.candidates.map((candidate) => candidateEntry(suite, candidate, site, former)),
    dataset: suite.data.dataset,
    latency: suite.latency,
    thresholds: suite.thresholds,
    accuracy: null,
  };
};

/** Where the code of a suite is: one in a file may be of another commit than the working folder. */
const folderOf = (source: string): string => {
  const { name } = splitSource(source);
  return isAbsolute(name) ? dirname(name) : '.';
};

/** The data sets' machinery is loaded only where it is needed: a cost check on every commit is to be quick. */
const siteOfData = async (suite: Suite): Promise<CandidateSite> => {
  const { loadDatasetAt } = await import('../../data/registry.js');
  return siteOf(suite, await loadDatasetAt(suite.data.dataset, suite.data.path));
};

/** Channels and classes of the same data set are known without it. */
const formerSite = ({ data }: Suite, former: Snapshot | null): CandidateSite | null => {
  if (former?.dataset !== undefined && former.dataset !== data.dataset) return null;
  const entry = former?.entries.find(({ classes }) => classes !== undefined);
  if (entry?.classes === undefined) return null;
  return { input: [entry.input[0], data.size, data.size], classes: entry.classes };
};

const candidateEntry = (
  suite: Suite,
  candidate: SuiteCandidate,
  site: CandidateSite,
  former: Snapshot | null,
): SnapshotEntry => {
  const { name } = candidate;
  const entry = former?.entries.find((one) => one.name === name);
  const isMatched = suite.budget !== undefined || former?.madeOf === 'run'; // a run may be given its budget on the command line
  const knobs =
    isMatched && entry?.knob !== undefined && hasKnobs(candidate, entry)
      ? knobsOf(entry)
      : searchedKnobs(suite, candidate, site);
  const settings = Object.fromEntries(
    [knobs.knob, knobs.secondKnob].flatMap((knob) => (knob === undefined ? [] : [[knob.option, knob.value]])),
  );
  const { graph, deployed, record } = countedForms(buildSteadily(suite, candidate, site, settings));
  return {
    name,
    selection: printChoice(choiceOf(suite, candidate, settings)),
    classes: site.classes,
    ...knobs,
    ...record,
    model: async () => {
      const { exportModel } = await import('../../measure/exported-model.js');
      const weights = deployed.convert(initialWeights(graph, LATENCY_SEED));
      const { record, bytes } = exportModel(deployed.graph, weights, suite.latency);
      return { record, read: async () => bytes };
    },
  };
};

/** Where the knobs stand, by the fields of an entry. */
type Knobs = Pick<SnapshotEntry, 'knob' | 'secondKnob'>;

const knobsOf = ({ knob, secondKnob }: Knobs): Knobs => ({
  ...(knob === undefined ? {} : { knob }),
  ...(secondKnob === undefined ? {} : { secondKnob }),
});

const hasKnobs = (candidate: SuiteCandidate, { knob, secondKnob }: Knobs): boolean => {
  const options = candidate.knob?.map(({ option }) => option) ?? [];
  return [knob, secondKnob].every((turned) => turned === undefined || options.includes(turned.option));
};

const searchedKnobs = (suite: Suite, candidate: SuiteCandidate, site: CandidateSite): Knobs => {
  const match = budgetOf(suite, candidate, site);
  if (match === null) return {};
  return knobsOf({
    knob: { option: match.knob, value: match.value },
    ...(match.second?.knob === undefined ? {} : { secondKnob: match.second.knob }),
  });
};
