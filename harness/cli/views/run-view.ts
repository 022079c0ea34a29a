/** Shows a run while it goes: a live view on a terminal, one line a finished trial elsewhere, nothing where output is for machines. */
import { type DefaultRenderer, Listr, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import { plural } from '../../../reports/text/words.js';
import type { Plan } from '../../../results/plan/plan.js';
import { validationTop1 } from '../../../results/run/tuning.js';
import type { RunEvent } from '../../run/status/events.js';
import { visible } from '../../user/visible.js';
import { printNote } from '../command.js';
import { duration, percent } from './format.js';
import { fittingLine, runningLines } from './running-lines.js';

export interface RunView {
  readonly onEvent: (event: RunEvent) => void;
  /** Shows the run until it ends or fails; gives its outcome. */
  readonly show: <T>(run: Promise<T>) => Promise<T>;
}

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

export const quietView = (): RunView => ({ onEvent: () => {}, show: (run) => run });

/** How often a log that nobody redraws tells how far the training is. */
const LOG_EVERY_MS = 60_000;

export const taskView = (plan: Plan): RunView => {
  const state = { tries: 0, tried: 0, trials: 0, finished: 0 };
  const running = runningLines(plan);
  const isRedrawn = process.stdout.isTTY === true;
  let toldAt = performance.now();
  let latencyTitle = 'Latency';
  const tasks = new Map<'training' | 'latency', Task>();
  const endOfTraining = signalOnce();
  const title = (share: number, secondsLeft: number | null): string => {
    const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
    const tries = state.tries === 0 ? '' : `${state.tried} of ${plural(state.tries, 'try', 'tries')}, `;
    return `Training: ${tries}${state.finished} of ${plural(state.trials, 'trial')}, ${percent(share, 0)}${left}`;
  };
  const tell = (share: number, secondsLeft: number | null): void => {
    const task = tasks.get('training');
    if (isRedrawn) {
      if (task)
        task.title = [
          title(share, secondsLeft),
          ...running.lines(columnsBehind(TITLE_INDENT)).map(visible),
        ].join('\n');
    } else if (performance.now() - toldAt >= LOG_EVERY_MS) {
      toldAt = performance.now();
      say('training', title(share, secondsLeft));
    }
  };
  const say = (phase: 'training' | 'latency', line: string): void => {
    const task = tasks.get(phase);
    if (task) task.output = visible(line);
  };
  return {
    onEvent: (event) => {
      running.take(event);
      switch (event.kind) {
        case 'journal-repaired': {
          const lines = event.damaged.map(({ line, problem }) => `line ${line} (${problem})`);
          const found =
            lines.length === 0
              ? 'The beginning of the journal was lost, and is put back.'
              : `The journal was damaged in ${lines.join(', ')}: what was recorded there does not count and is done again.`;
          printNote(`${found} As it was, it is kept in ${event.keptIn}.`);
          break;
        }
        case 'cache-trouble':
          printNote(event.problem);
          break;
        case 'planned':
          state.tries = event.tries;
          state.tried = event.triesDone;
          state.trials = event.trials;
          state.finished = event.done;
          if (event.done > 0)
            say('training', `${plural(event.done, 'trial was', 'trials were')} already done`);
          break;
        case 'data-rebuilt':
          say('training', `${event.file} was damaged; it is made anew`);
          break;
        case 'try-started':
          break;
        case 'try-done':
        case 'try-diverged':
        case 'try-failed':
          state.tried += 1;
          say('training', `${event.candidate}, learning rate ${event.learningRate}: ${tryText(event)}`);
          break;
        case 'trial-started':
        case 'trial-progress':
        case 'trial-epoch':
          break;
        case 'worker-joined':
          say(
            'training',
            `${event.machine} joined ${event.jobs === 0 ? 'to measure latency' : `for ${event.jobs} ${event.jobs === 1 ? 'trial' : 'trials'} at a time`}`,
          );
          break;
        case 'worker-left':
          say('training', `${event.machine} left`);
          break;
        case 'worker-refused':
          say('training', `${event.machine} cannot take part: ${event.reason}`);
          break;
        case 'device-started':
          say('training', `${event.machine} measures latency`);
          break;
        case 'device-done':
          say(
            'training',
            `${event.machine}: latency ${event.error === null ? 'measured' : `failed: ${event.error}`}`,
          );
          break;
        case 'fleet-trouble':
          say('training', `Redis: ${event.reason}`);
          break;
        case 'trial-done':
        case 'trial-failed': {
          const name = `${event.candidate}, seed ${event.seed}`;
          state.finished += 1;
          say(
            'training',
            event.kind === 'trial-done'
              ? fittingLine(
                  name,
                  `: top-1 ${percent(event.result.testTop1, 2)} ${event.from === undefined ? `in ${duration(event.result.trainSeconds)}` : `(trained on ${event.from.at.slice(0, 10)})`}`,
                  columnsBehind(OUTPUT_INDENT),
                )
              : `${name} failed: ${event.error}`,
          );
          break;
        }
        case 'try-retried':
          say(
            'training',
            `${event.candidate}, learning rate ${event.learningRate}, tries again: ${event.error}`,
          );
          break;
        case 'trial-retried':
          say('training', `${event.candidate}, seed ${event.seed}, tries again: ${event.error}`);
          break;
        case 'training':
          tell(event.share, event.secondsLeft);
          break;
        case 'latency-started':
          endOfTraining.give();
          latencyTitle = event.device === 'native' ? 'Latency' : `Latency, ${event.device}`;
          break;
        case 'latency-progress': {
          const latency = tasks.get('latency');
          if (latency) latency.title = `${latencyTitle}: round ${event.done} of ${event.total}`;
          break;
        }
        case 'latency-done':
          say(
            'latency',
            fittingLine(
              event.candidate,
              `: ${event.result.medianMs.toPrecision(4)} ms`,
              columnsBehind(OUTPUT_INDENT),
            ),
          );
          break;
        case 'latency-failed':
          say('latency', `${event.candidate} failed: ${event.error}`);
          break;
        default:
          event satisfies never;
      }
    },
    show: async (run) => {
      const ended = run.then(
        () => undefined,
        () => {
          throw new Error('not finished');
        },
      );
      const listr = new Listr(
        [
          phase('Training', tasks, 'training', Promise.race([endOfTraining.given, ended])),
          phase('Latency', tasks, 'latency', ended),
        ],
        {
          renderer: process.stdout.isTTY ? 'default' : 'simple',
          fallbackRenderer: 'simple',
          rendererOptions: { collapseSubtasks: false, showErrorMessage: false },
          registerSignalListeners: false,
        },
      );
      // The caller says why.
      await listr.run().catch(() => undefined);
      return run;
    },
  };
};

/** What listr puts before the further lines of a title, and before what a task says. */
const TITLE_INDENT = 2;
const OUTPUT_INDENT = 5;

/** Of a terminal; a log has no end of a line. */
const columnsBehind = (indent: number): number =>
  (process.stdout.columns ?? Number.POSITIVE_INFINITY) - indent;

const tryText = (event: Extract<RunEvent, { kind: 'try-done' | 'try-diverged' | 'try-failed' }>): string => {
  if (event.kind === 'try-done') return `validation top-1 ${percent(validationTop1(event.result), 2)}`;
  return event.kind === 'try-diverged' ? 'diverged' : `failed: ${event.error}`;
};

const phase = (
  title: string,
  tasks: Map<'training' | 'latency', Task>,
  name: 'training' | 'latency',
  end: Promise<void>,
) => ({
  title,
  rendererOptions: { outputBar: 3, persistentOutput: true },
  task: async (_context: unknown, task: Task) => {
    tasks.set(name, task);
    await end;
  },
});

const signalOnce = (): { readonly give: () => void; readonly given: Promise<void> } => {
  let give = (): void => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give: () => give(), given };
};
