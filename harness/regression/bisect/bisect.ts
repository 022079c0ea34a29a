/** Finds the commit that made a suite, or the catalogue, cost more or run slower. */
import { realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { UserError } from '../../user/user-error.js';
import { type CompareOptions, compareSnapshots } from '../compare/compare.js';
import type { Comparison } from '../compare/comparison.js';
import { CATALOGUE } from '../snapshot/from-catalogue.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { Bisection, BisectMetric, Commit } from './bisection.js';
import { type Built, commitBuilder } from './commit-snapshot.js';
import { type CommitState, findFirstBad } from './first-bad.js';
import { checkOut, openRepository, shortHash } from './git-history.js';

/** Where to search, and for what. */
export interface BisectOptions extends Pick<CompareOptions, 'onProgress'> {
  /** Revisions. */
  readonly good: string;
  readonly bad: string;
  /** `costs`, any of them, by default. */
  readonly metric?: BisectMetric;
  /** All of the suite by default. */
  readonly candidate?: string;
  /** Inside the repository; the current one by default. */
  readonly folder?: string;
  /** Is told of every commit that was looked at. */
  readonly onProbe?: (probe: Bisection['probes'][number]) => void;
  /** Ends the search; what it has put on the disk is removed. */
  readonly signal?: AbortSignal;
}

/**
 * The first commit, along first parents, at which something is worse than at `good`. Commits that cannot be built are skipped; a latency
 * that is undecided is measured a second time, longer. Throws UserError where the revisions or the source are none, or where nothing is
 * worse at `bad`.
 */
export const bisect = async (name: string, options: BisectOptions): Promise<Bisection> => {
  const { metric = 'costs', candidate = null, onProbe = () => {} } = options;
  const { signal = new AbortController().signal, onProgress } = options;
  const measuring = { signal, ...(onProgress === undefined ? {} : { onProgress }) };
  if (name === CATALOGUE && metric === 'latency') {
    throw new UserError('The catalogue has only costs.', 'Name a suite to search for a change in latency.');
  }
  const folder = await realpath(options.folder ?? '.');
  const repository = await openRepository(folder);
  const [good, bad] = [await repository.commit(options.good), await repository.commit(options.bad)];
  const [first, ...others] = await repository.commitsAfter(good, bad);
  if (!first) {
    throw new UserError(
      `The good and the bad commit are the same, ${shortHash(good)}.`,
      'Name two different commits.',
    );
  }
  const { root } = repository;
  const file = resolve(folder, name);
  const source = name === CATALOGUE ? name : inRepository(root, file);
  const checkout = await checkOut(root, name === CATALOGUE ? root : dirname(file), good);
  try {
    const build = commitBuilder(checkout, source, signal);
    const before = required(await build(good, null), good, candidate);
    const snapshots = new Map<string, Snapshot>([[good.hash, before]]);
    const probes: Bisection['probes'] = [];
    const tell = (commit: Commit, state: CommitState, reason: string | null): CommitState => {
      const probe = { commit, state, reason };
      probes.push(probe);
      onProbe(probe);
      return state;
    };
    const stateOf = async (commit: Commit): Promise<CommitState> => {
      const built = ofCandidate(await build(commit, good), candidate);
      if ('problem' in built) return tell(commit, 'skipped', built.problem);
      snapshots.set(commit.hash, built.snapshot);
      const state = stateIn(
        metric,
        await compareBy(metric, before, built.snapshot, {
          only: [metric === 'latency' ? 'latency' : 'costs'],
          ...measuring,
        }),
      );
      return tell(commit, state, state === 'undecided' ? 'the latency is not told apart' : null);
    };
    requireWorse(await stateOf(bad), good, bad, metric, probes.at(-1)?.reason ?? null);
    const commits = new Map([good, first, ...others].map((commit) => [commit.hash, commit]));
    const found = await findFirstBad([first.hash, ...others.map(({ hash }) => hash)], (hash) =>
      stateOf(known(commits, hash)),
    );
    const lastGood = found.lastGood ?? good.hash;
    const change = await compareBy(metric, known(snapshots, lastGood), known(snapshots, found.firstBad), {
      only: metric === 'latency' ? ['costs', 'latency'] : ['costs'],
      ...measuring,
    });
    return {
      source: name,
      metric,
      candidate,
      state: found.between.length === 0 ? 'found' : 'undecided',
      lastGood: known(commits, lastGood),
      firstBad: known(commits, found.firstBad),
      between: found.between.map((hash) => known(commits, hash)),
      probes,
      change,
    };
  } finally {
    checkout.remove();
  }
};

/** Never the id of a built-in suite, which is the same at every commit. Throws UserError where the file lies outside. */
const inRepository = (root: string, file: string): string => {
  const path = relative(root, file);
  if (!path.startsWith('..')) return `./${path.split(sep).join('/')}`;
  throw new UserError(
    `${file} is not in the repository ${root}.`,
    'Name a suite file inside that repository.',
  );
};

const ofCandidate = (built: Built, candidate: string | null): Built => {
  if ('problem' in built || candidate === null) return built;
  const { entries } = built.snapshot;
  const only = entries.filter(({ name }) => name === candidate);
  return only.length === 0
    ? { problem: `it has no candidate ${candidate}, only ${entries.map(({ name }) => name).join(', ')}` }
    : { snapshot: { ...built.snapshot, entries: only } };
};

const required = (built: Built, commit: Commit, candidate: string | null): Snapshot => {
  const chosen = ofCandidate(built, candidate);
  if ('snapshot' in chosen) return chosen.snapshot;
  throw new UserError(
    `The good commit, ${shortHash(commit)}, cannot be used: ${chosen.problem.replace(/\.$/, '')}.`,
    'Name a good commit at which the suite and its candidate can be built.',
  );
};

const requireWorse = (
  state: CommitState,
  good: Commit,
  bad: Commit,
  metric: BisectMetric,
  reason: string | null,
): void => {
  if (state === 'bad') return;
  const because = reason === null ? '' : `: ${reason.replace(/\.$/, '')}`;
  throw new UserError(
    state === 'good'
      ? `No ${metric === 'costs' ? 'cost' : metric} is worse at ${shortHash(bad)} than at ${shortHash(good)}.`
      : `The bad commit, ${shortHash(bad)}, is not known to be worse${because}.`,
    'Choose other commits, another --metric or another --candidate.',
  );
};

/** What is undecided is measured a second time, longer. Candidates come and go from commit to commit. */
const compareBy = async (
  metric: BisectMetric,
  before: Snapshot,
  after: Snapshot,
  options: CompareOptions,
): Promise<Comparison> => {
  const allowing = { ...options, allowGone: before.entries.map(({ name }) => name) };
  const comparison = await compareSnapshots(before, after, allowing);
  return metric === 'latency' && comparison.state === 'undecided'
    ? compareSnapshots(before, longer(after), allowing)
    : comparison;
};

const STATES = { regression: 'bad', undecided: 'undecided', passed: 'good' } as const;

/** A commit whose model does not run tells nothing of latency. */
const stateIn = (metric: BisectMetric, { state, costs, latency }: Comparison): CommitState => {
  if (metric === 'latency') {
    const isBroken =
      latency?.state === 'compared' && latency.entries.some((entry) => entry.state === 'broken');
    return isBroken ? 'undecided' : STATES[state];
  }
  const totals = costs?.entries.flatMap((entry) => entry.totals) ?? [];
  const watched = totals.filter((total) => metric === 'costs' || total.metric === metric);
  return watched.some((total) => total.after > total.before) ? 'bad' : 'good';
};

/** Twice the sessions with twice the rounds in each. */
const longer = (snapshot: Snapshot): Snapshot => {
  const { latency } = snapshot;
  return latency === null
    ? snapshot
    : { ...snapshot, latency: { ...latency, sessions: 2 * latency.sessions, rounds: 4 * latency.rounds } };
};

const known = <T>(all: ReadonlyMap<string, T>, hash: string): T => {
  const one = all.get(hash);
  if (one === undefined) throw new Error(`Commit ${hash} was not asked for.`);
  return one;
};
