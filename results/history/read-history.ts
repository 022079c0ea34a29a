/** Reads run folders as one history. */
import { join, resolve } from 'node:path';
import { DuckDBInstance, LIST, listValue, VARCHAR } from '@duckdb/node-api';
import { z } from 'zod';
import { UserError } from '../../harness/user/user-error.js';
import { checkRecord, describeIssues, parseJson } from '../parse.js';
import { planSchema } from '../plan/plan.js';
import { requireUnchangedPlan } from '../plan/plan-key.js';
import { readEnvironment } from '../run/environment.js';
import { RUN_FILES } from '../run/load-run.js';
import { findRuns, type Skipped } from './find-runs.js';
import { type HistoryRun, historyRowSchema } from './history.js';
import { CANDIDATES, ENVIRONMENTS, EVENTS, PLANS, RUNS, VALUES } from './queries.js';

export interface History {
  /** The oldest first. */
  readonly runs: readonly HistoryRun[];
  readonly skipped: readonly Skipped[];
}

/**
 * The history in these folders and beneath them. A folder that is broken, or not of a run, is skipped with its reason.
 * @throws UserError where one of the folders given cannot be read.
 */
export const readHistory = async (roots: readonly string[]): Promise<History> => {
  const { folders, skipped } = await findRuns(roots);
  if (folders.length === 0) return { runs: [], skipped };
  const { runs, values } = await answers(folders.map((folder) => resolve(folder)));
  const results = folders.map((folder) =>
    attempt(folder, () => checkedRun(folder, runs.get(resolve(folder)), values.get(resolve(folder)) ?? [])),
  );
  return {
    runs: results.flatMap((result) => ('run' in result ? [result.run] : [])).toSorted(byStart),
    skipped: [...skipped, ...results.flatMap((result) => ('problem' in result ? [result] : []))],
  };
};

/** A row as the database gives it. */
type Row = Readonly<Record<string, unknown>>;

/** By folder: what was recorded of each run, and its values. */
const answers = async (folders: readonly string[]) => {
  const database = await DuckDBInstance.create(':memory:');
  /** On a connection of its own: files of one kind are read by one thread. */
  const load = async (query: string, file: string): Promise<void> => {
    const connection = await database.connect();
    await connection.run(
      query,
      { files: listValue(folders.map((folder) => join(folder, file))) },
      { files: LIST(VARCHAR) },
    );
    connection.closeSync();
  };
  try {
    await Promise.all([
      load(PLANS, RUN_FILES.plan),
      load(ENVIRONMENTS, RUN_FILES.environment),
      load(EVENTS, RUN_FILES.journal),
    ]);
    const connection = await database.connect();
    await connection.run(CANDIDATES);
    const rows = async (query: string): Promise<readonly Row[]> =>
      (await connection.runAndReadAll(query)).getRowObjectsJS();
    const values = new Map<unknown, Row[]>(folders.map((folder) => [folder, []]));
    for (const row of await rows(VALUES)) values.get(row.folder)?.push(row);
    return { runs: new Map((await rows(RUNS)).map((row) => [row.folder, row])), values };
  } finally {
    database.closeSync();
  }
};

const REMEDY = 'Restore it from a copy, or run the suite again.';

const { schema, suite, planKey, conditions, latency } = planSchema.shape;

/** Of a plan, what a history tells. */
const planPart = z.object({ schema, suite, planKey, conditions, latency });

/** Of a row of the runs: the files as they were found; what is in them may be anything. */
const runRow = z.strictObject({
  folder: z.string(),
  plan: z.string().nullable(),
  environment: z.string().nullable(),
  badLine: z.int().nullable(),
  planKeys: z.array(z.string()).nullable(),
});

const checkedRun = (folder: string, row: Row | undefined, values: readonly Row[]): HistoryRun => {
  const files = runRow.parse(row);
  const written = parseJson(files.plan ?? '', RUN_FILES.plan, REMEDY);
  const plan = checkRecord(planPart, written, RUN_FILES.plan, REMEDY);
  requireUnchangedPlan(written, RUN_FILES.plan, { must: false });
  const environment = readEnvironment(files.environment ?? '', RUN_FILES.environment, { must: false });
  if (files.badLine !== null) {
    throw new UserError(`${RUN_FILES.journal}, line ${files.badLine}: not an event.`, REMEDY);
  }
  if (files.planKeys?.some((key) => key !== plan.planKey) !== false) {
    throw new UserError(`${RUN_FILES.journal} and ${RUN_FILES.plan} belong to different runs.`, REMEDY);
  }
  const rows = z.array(historyRowSchema).safeParse(values);
  if (!rows.success) throw new UserError(`A result is invalid (${describeIssues(rows.error)}).`, REMEDY);
  return { folder, plan, environment, rows: rows.data };
};

const attempt = (folder: string, action: () => HistoryRun): { readonly run: HistoryRun } | Skipped => {
  try {
    return { run: action() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { folder, problem: error.message };
  }
};

const byStart = (one: HistoryRun, other: HistoryRun): number =>
  Date.parse(one.environment.startedAt) - Date.parse(other.environment.startedAt) ||
  one.folder.localeCompare(other.folder);
