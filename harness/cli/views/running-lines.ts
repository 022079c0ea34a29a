/** A line for every training that goes on: epoch, loss, speed, time left. */
import { plural, shorten } from '../../../reports/text/words.js';
import type { Plan } from '../../../results/plan/plan.js';
import type { EpochRecord } from '../../../results/training/trial.js';
import type { RunEvent } from '../../run/status/events.js';
import { duration, grouped } from './format.js';

interface Running {
  /** Of a try: how far it is, is not told. */
  readonly isTry: boolean;
  readonly where: string | null;
  /** When the first share was told, and which: a resumed training begins with one. */
  readonly first: { readonly at: number; readonly share: number } | null;
  readonly share: number;
  readonly epoch: EpochRecord | null;
}

export interface RunningLines {
  readonly take: (event: RunEvent) => void;
  /** Each of so many columns at most, where its name can give way. */
  readonly lines: (columns?: number) => readonly string[];
}

/** A name and what is said of it in one line: of a long name the middle is left out. */
export const fittingLine = (name: string, text: string, columns: number): string =>
  `${shorten(name, Math.max(LEAST_NAME, columns - text.length))}${text}`;

const LEAST_NAME = 16;

/** `now` in milliseconds. */
export const runningLines = (
  { conditions: { recipe, dataset, tuning } }: Plan,
  now: () => number = () => performance.now(),
): RunningLines => {
  const running = new Map<string, Running>();
  const change = (key: string, changes: Partial<Running>): void => {
    const before = running.get(key);
    if (before !== undefined) running.set(key, { ...before, ...changes });
  };
  const line = (name: string, { isTry, where, first, share, epoch }: Running, columns: number): string => {
    const there = where === null ? name : `${name} on ${where}`;
    if (isTry) return fittingLine(there, `: ${plural(tuning?.epochs ?? 0, 'epoch')}`, columns);
    const rate = first === null ? 0 : (share - first.share) / (now() - first.at);
    const text = [
      `: epoch ${Math.min((epoch?.epoch ?? 0) + 1, Number(recipe.epochs))} of ${recipe.epochs}`,
      ...(epoch === null
        ? []
        : [
            `loss ${epoch.trainLoss.toFixed(3)}`,
            `${grouped(Math.round(dataset.trainImages / Math.max(epoch.seconds, 1e-3)))} images/s`,
          ]),
      ...(rate > 0 ? [`${duration((1 - share) / rate / 1000)} left`] : []),
    ].join(', ');
    return fittingLine(there, text, columns);
  };
  return {
    take: (event) => {
      if (event.kind === 'trial-started' || event.kind === 'try-started') {
        const where = event.where ?? null;
        const isTry = event.kind === 'try-started';
        running.set(keyOf(event), { isTry, where, first: null, share: 0, epoch: null });
      } else if (event.kind === 'trial-progress') {
        const first = running.get(keyOf(event))?.first ?? { at: now(), share: event.share };
        change(keyOf(event), { share: event.share, first });
      } else if (event.kind === 'trial-epoch') {
        change(keyOf(event), { epoch: event.epoch });
      } else if (isEnd(event)) {
        running.delete(keyOf(event));
      }
    },
    lines: (columns = Number.POSITIVE_INFINITY) =>
      [...running].map(([name, one]) => line(name, one, columns)),
  };
};

type End = Extract<
  RunEvent,
  {
    readonly kind:
      | `trial-${'done' | 'failed' | 'retried'}`
      | `try-${'done' | 'diverged' | 'failed' | 'retried'}`;
  }
>;

const ENDS: readonly string[] = [
  ...['trial-done', 'trial-failed', 'trial-retried'],
  ...['try-done', 'try-diverged', 'try-failed', 'try-retried'],
];

const isEnd = (event: RunEvent): event is End => ENDS.includes(event.kind);

const keyOf = (event: Extract<RunEvent, { readonly kind: `trial-${string}` | `try-${string}` }>): string =>
  'seed' in event
    ? `${event.candidate}, seed ${event.seed}`
    : `${event.candidate}, learning rate ${event.learningRate}`;
