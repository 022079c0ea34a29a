/** What all tasks of a run share, put into Redis by its coordinator and fetched by every worker. */
import type { Redis } from 'ioredis';
import { sha256Of } from '../../results/journal/checksum.js';
import { parseRecord } from '../../results/parse.js';
import type { Plan } from '../../results/plan/plan.js';
import type { Graph } from '../graph/graph.js';
import { graphRecord } from '../graph/graph-record.js';
import { sentGraph } from '../run/folder/graph-files.js';
import type { WorkerLimits } from '../run/worker/limits.js';
import { UserError } from '../user/user-error.js';
import { type Announcement, PROTOCOL, sheetSchema } from './payload.js';
import { graphsOf, sheetOf } from './redis/names.js';

export interface Sheet {
  readonly text: string;
  readonly sha256: string;
  /** Graph records as JSON, by fingerprint. */
  readonly graphs: ReadonlyMap<string, string>;
}

export interface SheetLimits {
  /** What one training may take. */
  readonly limits: WorkerLimits;
  /** What one measurement of latency may take. */
  readonly latencyLimits: Pick<WorkerLimits, 'seconds'>;
}

/** Of a plan and the graphs of its candidates. Where its suite and its images lie is nobody else's business. */
export const sheetFor = (
  plan: Plan,
  { limits, latencyLimits }: SheetLimits,
  graphs: ReadonlyMap<string, Graph>,
): Sheet => {
  const { candidatesAt224: _, untilDecided: __, tries: ___, data: ____, ...shared } = plan;
  const text = JSON.stringify({
    protocol: PROTOCOL,
    limits,
    latencyLimits,
    plan: { ...shared, source: ELSEWHERE, trials: [] },
  });
  return {
    text,
    sha256: sha256Of(text),
    graphs: new Map([...graphs].map(([id, graph]) => [id, JSON.stringify(graphRecord(graph))])),
  };
};

/** In place of a suite's id or path: nothing loads it. */
const ELSEWHERE = 'another machine';

export const putSheet = async (redis: Redis, run: string, { text, graphs }: Sheet): Promise<void> => {
  await redis
    .multi()
    .set(sheetOf(run), text, 'EX', KEPT_SECONDS)
    .hset(graphsOf(run), Object.fromEntries(graphs))
    .expire(graphsOf(run), KEPT_SECONDS)
    .exec();
};

/** Of a run whose coordinator does not come back. */
const KEPT_SECONDS = 30 * 86_400;

export interface FetchedSheet extends SheetLimits {
  readonly plan: Plan;
  readonly graphs: ReadonlyMap<string, string>;
}

/** Everything is checked. Throws UserError where it is not there, or not what was announced. */
export const fetchSheet = async (redis: Redis, { run, sheet }: Announcement): Promise<FetchedSheet> => {
  const text = await redis.get(sheetOf(run));
  if (text === null || sha256Of(text) !== sheet) {
    throw new UserError(`The plan of run ${run} is not in Redis as it was announced.`, 'Resume the run.');
  }
  const { plan, limits, latencyLimits } = parseRecord(
    sheetSchema,
    text,
    `The plan of run ${run}`,
    'Resume the run.',
  );
  const graphs = new Map<string, string>();
  for (const { name, fingerprint } of plan.candidates) {
    const record = await redis.hget(graphsOf(run), fingerprint);
    if (record === null) {
      throw new UserError(`The network of ${name} is not in Redis.`, 'Resume the run.');
    }
    requireFitting(sentGraph(record, fingerprint), plan, name);
    graphs.set(fingerprint, record);
  }
  return { plan: { ...plan, source: ELSEWHERE }, limits, latencyLimits, graphs };
};

const requireFitting = (graph: Graph, { conditions: { input, dataset } }: Plan, name: string): void => {
  const isFitting =
    graph.input.shape.join() === input.join() && graph.output.shape.join() === `${dataset.classes}`;
  if (isFitting) return;
  throw new UserError(`The network of ${name} does not fit the images of the run.`, 'Start the run again.');
};
