/** Keeps `progress.json` up to date while a run goes on. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PROGRESS_FILE } from '../../../results/run/load-run.js';
import type { Progress, RunningTraining } from '../../../results/run/progress.js';
import { writeWhole } from '../folder/run-directory.js';
import type { RunEvent } from './events.js';

export interface ProgressFile {
  readonly onEvent: (event: RunEvent) => void;
  /** Removes the file. */
  readonly end: () => Promise<void>;
}

const EVERY_MS = 1000;

/** Written at most once a second. Nobody depends on it: where it cannot be written, the run goes on. */
export const progressFile = (directory: string): ProgressFile => {
  const progress = progressOf();
  let writing: Promise<void> = Promise.resolve();
  let isChanged = true;
  const write = (): void => {
    if (!isChanged) return;
    isChanged = false;
    writing = writing
      .then(() => writeWhole(directory, PROGRESS_FILE, `${JSON.stringify(progress.now())}\n`))
      .catch(() => {});
  };
  const timer = setInterval(write, EVERY_MS);
  timer.unref();
  return {
    onEvent: (event) => {
      progress.take(event);
      isChanged = true;
    },
    end: async () => {
      clearInterval(timer);
      await writing;
      await rm(join(directory, PROGRESS_FILE), { force: true }).catch(() => {});
    },
  };
};

/** What the events so far say. */
export const progressOf = (): {
  readonly take: (event: RunEvent) => void;
  readonly now: () => Progress;
} => {
  const running = new Map<string, RunningTraining>();
  let whole: Omit<Progress, 'at' | 'running'> = { share: 0, secondsLeft: null, latency: null };
  const begin = (event: Extract<RunEvent, { kind: 'trial-started' | 'try-started' }>): void => {
    const { candidate } = event;
    running.set(nameOf(event), {
      candidate,
      seed: event.kind === 'trial-started' ? event.seed : null,
      learningRate: event.kind === 'try-started' ? event.learningRate : null,
      epochs: event.kind === 'trial-started' ? 0 : null,
      share: 0,
      since: new Date().toISOString(),
      where: event.where ?? null,
    });
  };
  const change = (event: TrainingEvent, changes: Partial<RunningTraining>): void => {
    const before = running.get(nameOf(event));
    if (before !== undefined) running.set(nameOf(event), { ...before, ...changes });
  };
  return {
    take: (event) => {
      switch (event.kind) {
        case 'trial-started':
        case 'try-started':
          begin(event);
          break;
        case 'trial-progress':
          change(event, { share: event.share });
          break;
        case 'trial-epoch':
          change(event, { epochs: event.epoch.epoch });
          break;
        case 'trial-done':
        case 'trial-failed':
        case 'trial-retried':
        case 'try-done':
        case 'try-diverged':
        case 'try-failed':
        case 'try-retried':
          running.delete(nameOf(event));
          break;
        case 'training':
          whole = { ...whole, share: Math.min(1, event.share), secondsLeft: event.secondsLeft };
          break;
        case 'latency-progress':
          whole = { ...whole, latency: { done: event.done, total: event.total } };
          break;
        case 'planned':
        case 'journal-repaired':
        case 'data-rebuilt':
        case 'cache-trouble':
        case 'latency-started':
        case 'latency-done':
        case 'latency-failed':
        case 'worker-joined':
        case 'worker-left':
        case 'worker-refused':
        case 'device-started':
        case 'device-done':
        case 'fleet-trouble':
          break;
        default:
          event satisfies never;
      }
    },
    now: () => ({ at: new Date().toISOString(), running: [...running.values()], ...whole }),
  };
};

type TrainingEvent = Extract<RunEvent, { readonly kind: `trial-${string}` | `try-${string}` }>;

const nameOf = (event: TrainingEvent): string =>
  'seed' in event ? `seed ${event.seed} ${event.candidate}` : `rate ${event.learningRate} ${event.candidate}`;
