/** Shows a run while it goes: a live view on a terminal, one line a finished trial elsewhere, nothing where output is for machines. */
import { type DefaultRenderer, Listr, type ListrTaskWrapper, type SimpleRenderer } from 'listr2';
import { validationTop1 } from '../../results/tuning.js';
import type { RunEvent } from '../run/progress.js';
import { duration, percent } from './format.js';

export interface RunView {
  readonly onEvent: (event: RunEvent) => void;
  /** Shows the run until it ends or fails; gives its outcome. */
  readonly show: <T>(run: Promise<T>) => Promise<T>;
}

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

export const quietView = (): RunView => ({ onEvent: () => {}, show: (run) => run });

export const taskView = (): RunView => {
  const state = { tries: 0, tried: 0, trials: 0, finished: 0, running: new Map<string, number>() };
  const tasks = new Map<'training' | 'latency', Task>();
  const endOfTraining = signalOnce();
  const title = (share: number, secondsLeft: number | null): string => {
    const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
    const tries = state.tries === 0 ? '' : `${state.tried} of ${state.tries} tries, `;
    return `Training: ${tries}${state.finished} of ${state.trials} trials, ${percent(share, 0)}${left}`;
  };
  const say = (phase: 'training' | 'latency', line: string): void => {
    const task = tasks.get(phase);
    if (task) task.output = line;
  };
  return {
    onEvent: (event) => {
      const task = tasks.get('training');
      switch (event.kind) {
        case 'planned':
          state.tries = event.tries;
          state.tried = event.triesDone;
          state.trials = event.trials;
          state.finished = event.done;
          if (event.done > 0) say('training', `${event.done} trials were done before`);
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
          state.running.set(`${event.candidate}, seed ${event.seed}`, 0);
          break;
        case 'trial-progress':
          state.running.set(`${event.candidate}, seed ${event.seed}`, event.share);
          break;
        case 'trial-epoch':
          break;
        case 'trial-done':
        case 'trial-failed': {
          const name = `${event.candidate}, seed ${event.seed}`;
          state.running.delete(name);
          state.finished += 1;
          say(
            'training',
            event.kind === 'trial-done'
              ? `${name}: top-1 ${percent(event.result.testTop1, 2)} in ${duration(event.result.trainSeconds)}`
              : `${name} failed: ${event.error}`,
          );
          break;
        }
        case 'training':
          if (task) task.title = title(event.share, event.secondsLeft);
          break;
        case 'latency-started':
          endOfTraining.give();
          break;
        case 'latency-progress': {
          const latency = tasks.get('latency');
          if (latency) latency.title = `Latency: round ${event.done} of ${event.total}`;
          break;
        }
        case 'latency-done':
          say('latency', `${event.candidate}: ${event.result.medianMs.toPrecision(4)} ms`);
          break;
        case 'latency-failed':
          say('latency', `${event.candidate} failed: ${event.error}`);
          break;
        default:
          event satisfies never;
      }
    },
    show: async (run) => {
      const settled = run.then(
        () => undefined,
        () => undefined,
      );
      const listr = new Listr(
        [
          phase('Training', tasks, 'training', Promise.race([endOfTraining.given, settled])),
          phase('Latency', tasks, 'latency', settled),
        ],
        {
          renderer: process.stdout.isTTY ? 'default' : 'simple',
          fallbackRenderer: 'simple',
          rendererOptions: { collapseSubtasks: false },
          registerSignalListeners: false,
        },
      );
      await listr.run();
      return run;
    },
  };
};

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
