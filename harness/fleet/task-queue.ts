/**
 * Tasks that workers take, and what becomes of them:
 *
 *   asked      one job a task, by its id; many at a time, and again where Redis came back without them
 *   collected  by events, and by looking, so that no lost connection loses an outcome
 *   kept       by Redis until the outcome is in the journal
 */
import { Job, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { type Progress, progressSchema, type Task } from './payload.js';
import { PREFIX } from './redis/names.js';

export interface TaskEvents {
  /** It has begun on this machine, null where that is not known; where it is begun again elsewhere, this is not said again. */
  readonly onStart?: (machine: string | null) => void;
  readonly onProgress?: (progress: Exclude<Progress, { kind: 'begun' }>) => void;
  /** Nobody waits for it any more; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

interface Pending extends TaskEvents {
  readonly task: Task;
  readonly resolve: (job: Job) => void;
  readonly reject: (reason: unknown) => void;
  isStarted: boolean;
}

/** Of one flush: large enough to be quick, small enough to hold up nothing. */
const BULK = 500;

export class TaskQueue {
  private readonly queue: Queue;
  private readonly events: QueueEvents;
  /** By job id. */
  private readonly pending = new Map<string, Pending>();
  private readonly watched = new WeakSet<AbortSignal>();
  private outbox: string[] = [];
  private settled: string[] = [];
  private background: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly redis: Redis,
    name: string,
    private readonly onTrouble: (error: unknown) => void,
  ) {
    this.queue = new Queue(name, { connection: redis, prefix: PREFIX });
    this.events = new QueueEvents(name, { connection: redis, prefix: PREFIX });
    // Connections mend themselves; what was lost meanwhile is asked for again.
    this.queue.on('error', () => {});
    this.events.on('error', () => {});
  }

  /** Outcomes of these tasks that Redis still has, and failures that are to be done again, are dropped. */
  async open(settled: readonly string[]): Promise<void> {
    this.events.on('progress', ({ jobId, data }) => this.progressed(jobId, data));
    this.events.on('completed', ({ jobId }) => this.inBackground(() => this.collect(jobId)));
    this.events.on('failed', ({ jobId }) => this.inBackground(() => this.collect(jobId)));
    await this.events.waitUntilReady();
    await this.queue.clean(0, 0, 'failed');
    for (const id of settled) await this.queue.remove(id);
    this.redis.on('ready', this.again);
  }

  /** The job that has ended, well or not. */
  ask(id: string, task: Task, events: TaskEvents): Promise<Job> {
    return new Promise((resolve, reject) => {
      events.signal?.throwIfAborted();
      this.watch(events.signal);
      this.pending.set(id, { ...events, task, resolve, reject, isStarted: false });
      if (this.outbox.push(id) === 1) setImmediate(() => this.inBackground(() => this.flush()));
    });
  }

  /** Its outcome is kept elsewhere. */
  settle(id: string): void {
    this.settled.push(id);
  }

  /** To be called now and then. */
  beat(): void {
    this.inBackground(async () => {
      await this.flush();
      const ended = [...(await this.idsIn('completed')), ...(await this.idsIn('failed'))];
      for (const id of ended) if (this.pending.has(id)) await this.collect(id);
    });
  }

  /** Where it is over, nothing stays in Redis; else what workers are doing or have done does, and nothing else. */
  async close(isOver: boolean): Promise<void> {
    this.redis.off('ready', this.again);
    this.outbox = [];
    await this.background;
    await this.sweep();
    await this.queue.drain();
    const left = await this.queue.getJobCounts('active', 'completed');
    if (isOver || Object.values(left).every((count) => count === 0)) {
      await this.queue.obliterate({ force: true });
    }
    await this.events.close();
    await this.queue.close();
  }

  /** Without a word to Redis, which is gone. */
  abandon(): void {
    this.redis.off('ready', this.again);
    for (const connection of [this.events, this.queue]) void connection.disconnect().catch(() => {});
  }

  /** Redis came back, perhaps without what it had last; what it knows already is not queued twice. */
  private readonly again = (): void =>
    this.inBackground(() => {
      this.outbox = [...this.pending.keys()];
      return this.flush();
    });

  /** One listener a signal, however many tasks share it. */
  private watch(signal: AbortSignal | undefined): void {
    if (signal === undefined || this.watched.has(signal)) return;
    this.watched.add(signal);
    const abort = (): void => {
      for (const [id, waiting] of this.pending) {
        if (waiting.signal !== signal) continue;
        this.pending.delete(id);
        waiting.reject(signal.reason);
      }
    };
    signal.addEventListener('abort', abort, { once: true });
  }

  private async flush(): Promise<void> {
    await this.sweep();
    while (this.outbox.length > 0) {
      const ids = this.outbox.slice(0, BULK);
      await this.queue.addBulk(
        ids.flatMap((id) => {
          const task = this.pending.get(id)?.task;
          return task === undefined ? [] : [{ name: task.task, data: task, opts: { jobId: id } }];
        }),
      );
      this.outbox.splice(0, ids.length);
    }
  }

  /** Before anything is added: a task may be asked for again under its id. */
  private async sweep(): Promise<void> {
    const ids = this.settled;
    this.settled = [];
    for (const id of ids) await this.queue.remove(id);
  }

  private idsIn(state: 'completed' | 'failed'): Promise<readonly string[]> {
    return this.redis.zrange(this.queue.toKey(state), '0', '-1');
  }

  private async collect(id: string): Promise<void> {
    const waiting = this.pending.get(id);
    const job = waiting && (await Job.fromId(this.queue, id));
    if (!waiting || !job?.finishedOn || !this.pending.has(id)) return;
    this.begin(id, null);
    this.pending.delete(id);
    waiting.resolve(job);
  }

  private begin(id: string, machine: string | null): void {
    const waiting = this.pending.get(id);
    if (waiting === undefined || waiting.isStarted) return;
    waiting.isStarted = true;
    waiting.onStart?.(machine);
  }

  private progressed(id: string, data: unknown): void {
    const progress = progressSchema.safeParse(data).data;
    if (progress?.kind === 'begun') this.begin(id, progress.machine);
    else if (progress !== undefined) this.pending.get(id)?.onProgress?.(progress);
  }

  /** One after the other. What Redis refuses is told; the next beat tries what is left. */
  private inBackground(action: () => Promise<void>): void {
    this.background = this.background.then(action).catch(this.onTrouble);
  }
}
