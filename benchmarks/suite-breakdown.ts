/**
 * Where the wall time of a run goes, from its journal: every trial's process by phase, what lies between (starting the process, its
 * last messages), the latency measurement, and everything else. Shares are of the wall time of all workers at a time: with two jobs, a
 * minute has two.
 *
 *   npm run build && npx lightbench run quick --out RUN && npx jiti benchmarks/suite-breakdown.ts RUN
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { JournalEvent } from '../results/journal/events.js';
import { readJournal } from '../results/journal/journal.js';
import { RUN_FILES } from '../results/run/load-run.js';
import { PHASES, type Phase } from '../results/training/phases.js';

const { positionals } = parseArgs({ allowPositionals: true });
const [run = '.'] = positionals;
const { events } = readJournal(join(run, RUN_FILES.journal));

const secondsAt = ({ at }: JournalEvent): number => Date.parse(at) / 1000;
const of = <K extends JournalEvent['event']>(kind: K): Extract<JournalEvent, { event: K }>[] =>
  events.filter((event): event is Extract<JournalEvent, { event: K }> => event.event === kind);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const started = of('trial-started');
const done = of('trial-done');
const [measured] = of('latency-measured');
const [begin] = events;
const end = events.at(-1);
if (!begin || !end || done.length === 0) throw new Error(`${run} holds no finished trial.`);

const startOf = new Map(started.map((event) => [event.key, secondsAt(event)]));
const inTrials = sum(done.map((event) => secondsAt(event) - (startOf.get(event.key) ?? Number.NaN)));
const training = Math.max(...done.map(secondsAt)) - Math.min(...startOf.values());
/** Trials at a time, where the slots are never idle; the idle ones are a row. */
const slots = Math.round(inTrials / training);
const phase = (name: Phase): number => sum(done.map(({ result }) => result.phaseSeconds?.[name] ?? 0));
const phases = PHASES.map((name) => [name, phase(name)] as const);
const latencyWall = measured ? secondsAt(measured) - Math.max(...done.map(secondsAt)) : 0;
const latency = measured?.measurement.seconds ?? { loading: 0, warmUp: 0, rounds: 0 };
const inLatency = sum(Object.values(latency));

/** Seconds of wall time of the whole run: what `slots` trials do at a time counts a share each. */
const rows: (readonly [what: string, seconds: number])[] = [
  ...phases.map(([name, seconds]) => [`trials: ${name}`, seconds / slots] as const),
  ['trials: rest (spawning, messages, ending)', (inTrials - sum(phases.map(([, s]) => s))) / slots],
  ['no trial to run', training - inTrials / slots],
  ['latency: loading', latency.loading],
  ['latency: warm-up', latency.warmUp],
  ['latency: rounds', latency.rounds],
  ['latency: rest (process, models)', latencyWall - inLatency],
  ['before, between and after', secondsAt(end) - secondsAt(begin) - training - latencyWall],
];
const wall = secondsAt(end) - secondsAt(begin);
console.table(
  rows.map(([what, seconds]) => ({
    'wall time': what,
    seconds: seconds.toFixed(1),
    share: `${((100 * seconds) / wall).toFixed(1)} %`,
  })),
);
const useful = phase('steps') / slots + latency.warmUp + latency.rounds;
console.log(
  `${wall.toFixed(1)} s, ${slots} trials at a time; ${((100 * useful) / wall).toFixed(1)} % in training steps and latency rounds with their warm-up.`,
);
