/** What it would take to decide what is open: more trials, and their time on this machine. */
import type { Comparison } from '../../../harness/analysis/analysis.js';
import { grouped } from '../../text/numbers.js';
import { timeText } from '../../text/words.js';
import type { ReportView } from '../../view/view.js';

/** For example `18 more trials, about 34 min of training here`; empty where no number of seeds within reason would do. */
export const decidingText = (
  view: ReportView,
  comparisons: readonly Pick<Comparison, 'verdict' | 'candidate' | 'reference'>[],
): string => {
  const wanted = new Map<string, number>();
  for (const { verdict, candidate, reference } of comparisons) {
    if (verdict.state !== 'undecided' || verdict.needed?.unit !== 'seeds') continue;
    for (const id of [candidate, reference]) {
      wanted.set(id, Math.max(wanted.get(id) ?? 0, verdict.needed.count));
    }
  }
  let [trials, seconds] = [0, 0];
  for (const candidate of view.candidates) {
    const more = (wanted.get(candidate.id) ?? 0) - candidate.seeds.done;
    if (more <= 0) continue;
    trials += more;
    seconds += more * secondsOf(candidate.trials);
  }
  if (trials === 0) return '';
  const time = Number.isFinite(seconds) ? `, about ${timeText(seconds)} of training here` : '';
  return `${grouped(trials)} more trial${trials === 1 ? '' : 's'}${time}`;
};

/** The mean training time of the trials that are done. */
const secondsOf = (trials: ReportView['candidates'][number]['trials']): number => {
  const times = trials.flatMap((trial) => (trial.state === 'done' ? [trial.result.trainSeconds] : []));
  return times.reduce((sum, time) => sum + time, 0) / times.length;
};
