/** A run whose trials are trained, and whose latencies are measured, by workers. Only the coordinator writes the journal. */
import type { Redis } from 'ioredis';
import { weightsPath } from '../../results/model/weights.js';
import type { Plan } from '../../results/plan/plan.js';
import type { Graph } from '../graph/graph.js';
import { ownCode, ownVersion } from '../package/own-code.js';
import type { FleetEvent } from '../run/status/events.js';
import type { DevicePlace, OtherDevice } from '../run/worker/places/device-place.js';
import type {
  Trained,
  Training,
  TrainingEvents,
  TrainingPlace,
  Trainings,
} from '../run/worker/places/training-place.js';
import type { WorkerEvents, WorkerOutcome } from '../run/worker/run-worker.js';
import { answerOf } from './answers.js';
import { dropCheckpoints } from './checkpoints.js';
import { pause } from './pause.js';
import { type Announcement, PROTOCOL } from './payload.js';
import { type RedisAddress, withoutCredentials } from './redis/address.js';
import { connectRedis } from './redis/connection.js';
import {
  graphsOf,
  jobOf,
  measuringQueue,
  RUNS,
  refusalsOf,
  sheetOf,
  trainingQueue,
  workersOf,
} from './redis/names.js';
import { RENEW_MS, type Register, register } from './redis/register.js';
import { type Roster, rosterOf } from './roster.js';
import { putSheet, type Sheet, type SheetLimits, sheetFor } from './sheet.js';
import { TaskQueue } from './task-queue.js';
import { receiveWeights } from './weights.js';

export interface Coordination extends SheetLimits {
  readonly address: RedisAddress;
  /** Tells this run from every other, also after its coordinator was started again. */
  readonly run: string;
  readonly plan: Plan;
  /** Of every candidate, by fingerprint. */
  readonly graphs: ReadonlyMap<string, Graph>;
  /** Keys of what the journal holds: outcomes of them that Redis still has are dropped. */
  readonly recorded: readonly string[];
  readonly onEvent?: (event: FleetEvent) => void;
}

/** Throws UserError where Redis cannot be reached. */
export const coordinate = async (options: Coordination): Promise<Coordinator> => {
  const redis = await connectRedis(options.address);
  const coordinator = new Coordinator(redis, options);
  await coordinator.open(options.recorded);
  return coordinator;
};

const PATIENCE_MS = 10_000;

/** How long workers that wait for runs may take to find one and to join it, milliseconds. */
const GATHER_MS = 3 * RENEW_MS;

export class Coordinator implements TrainingPlace, DevicePlace {
  readonly atOnce = 10_000;

  private readonly trainings: TaskQueue;
  private readonly measurements: TaskQueue[] = [];
  private readonly runs: Register;
  private readonly roster: Roster;
  private readonly sheet: Sheet;
  private readonly announcement: Announcement;
  private settled: string[] = [];
  private announcedAt = Number.NaN;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly redis: Redis,
    private readonly options: Coordination,
  ) {
    const { run, plan, graphs, onEvent = () => {} } = options;
    this.trainings = new TaskQueue(redis, trainingQueue(run), this.onTrouble);
    this.runs = register(redis, RUNS);
    this.roster = rosterOf(redis, run, onEvent);
    this.sheet = sheetFor(plan, options, graphs);
    this.announcement = {
      protocol: PROTOCOL,
      lightbench: ownVersion(),
      code: ownCode(),
      run,
      suite: plan.suite,
      sheet: this.sheet.sha256,
      at: new Date().toISOString(),
    };
  }

  async open(recorded: readonly string[]): Promise<void> {
    await this.trainings.open(recorded.map(jobOf));
    await dropCheckpoints(this.redis, this.options.run, recorded);
    await putSheet(this.redis, this.options.run, this.sheet);
    await this.runs.put(this.options.run, this.announcement);
    this.announcedAt = performance.now();
    this.redis.on('ready', () => this.inTurn(() => putSheet(this.redis, this.options.run, this.sheet)));
    this.timer = setInterval(() => this.inTurn(() => this.beat()), RENEW_MS);
  }

  begin(_plan: Plan, directory: string): Trainings {
    return {
      train: (training, events) => this.train(directory, training, events),
      close: async () => {},
    };
  }

  private async train(
    directory: string,
    training: Training,
    { onProgress, onEpoch, onStart, signal }: TrainingEvents,
  ): Promise<Trained> {
    const job = await this.trainings.ask(
      jobOf(training.key),
      { protocol: PROTOCOL, ...training },
      {
        onProgress: (progress) => {
          if (progress.kind === 'share') onProgress?.(progress.done, progress.total);
          else onEpoch?.(progress.epoch);
        },
        ...(onStart === undefined ? {} : { onStart }),
        ...(signal === undefined ? {} : { signal }),
      },
    );
    const trained = answerOf(job);
    const { outcome } = trained;
    if (outcome.say !== 'trial-done' || training.task !== 'trial') return trained;
    const file = weightsPath(directory, this.options.plan, training);
    const { run } = this.options;
    const weights = await receiveWeights(this.redis, run, training.key, outcome.weights, file);
    return { ...trained, outcome: { ...outcome, weights } };
  }

  present(): readonly OtherDevice[] {
    return this.roster
      .present()
      .flatMap(({ device, machine }) => (device === null ? [] : [{ id: device, machine }]));
  }

  async measure(device: string, { signal }: WorkerEvents): Promise<WorkerOutcome> {
    const queue = new TaskQueue(this.redis, measuringQueue(this.options.run, device), this.onTrouble);
    // It is closed with all others: where Redis is gone, closing it has no end.
    this.measurements.push(queue);
    const id = `latency-${device}`;
    // What was measured for a coordinator that did not live to write it down is measured again: it may be old.
    await queue.open([id]);
    const task = { task: 'measure', protocol: PROTOCOL, device } as const;
    return answerOf(await queue.ask(id, task, signal === undefined ? {} : { signal })).outcome;
  }

  async gathered(signal: AbortSignal): Promise<void> {
    const left = GATHER_MS - (performance.now() - this.announcedAt);
    if (left <= 0) return;
    await pause(left, signal);
    if (!signal.aborted) await this.roster.look().catch(this.onTrouble);
  }

  recorded(key: string): void {
    this.trainings.settle(jobOf(key));
    this.settled.push(key);
  }

  /**
   * Ends the announcement. Of a run that is not over, what workers are doing stays in Redis until it is resumed; so does everything where
   * Redis is gone and does not come back within PATIENCE_MS.
   */
  async close(isOver: boolean): Promise<void> {
    clearInterval(this.timer);
    const left = this.leave(isOver);
    let patience: NodeJS.Timeout | undefined;
    const isGone = new Promise<boolean>((resolve) => {
      patience = setTimeout(() => resolve(this.redis.status !== 'ready'), PATIENCE_MS);
    });
    const wasLeft = left.then(() => false);
    if (await Promise.race([wasLeft, isGone])) {
      wasLeft.catch(() => {});
      for (const queue of [this.trainings, ...this.measurements]) queue.abandon();
      this.redis.disconnect();
      this.onTrouble(
        new Error('Redis is gone; what it holds of this run stays there until the run is resumed'),
      );
    } else {
      await wasLeft;
    }
    clearTimeout(patience);
  }

  private async leave(isOver: boolean): Promise<void> {
    const { run } = this.options;
    await this.beating;
    await this.runs.remove(run);
    await this.dropSettled();
    await this.trainings.close(isOver);
    for (const queue of this.measurements) await queue.close(true);
    if (isOver) await this.redis.del(sheetOf(run), graphsOf(run), workersOf(run), refusalsOf(run));
    await this.redis.quit();
  }

  private async beat(): Promise<void> {
    await this.runs.put(this.options.run, this.announcement);
    for (const queue of [this.trainings, ...this.measurements]) queue.beat();
    await this.dropSettled();
    await this.roster.look();
  }

  private async dropSettled(): Promise<void> {
    const keys = this.settled;
    this.settled = [];
    await dropCheckpoints(this.redis, this.options.run, keys);
  }

  private inTurn(action: () => Promise<void>): void {
    this.beating = this.beating.then(action).catch(this.onTrouble);
  }

  private readonly onTrouble = (error: unknown): void => {
    const reason = withoutCredentials(error instanceof Error ? error.message : String(error));
    this.options.onEvent?.({ kind: 'fleet-trouble', reason });
  };
}
