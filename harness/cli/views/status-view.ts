/** How far a run is, for people. */

import { plural } from '../../../reports/text/words.js';
import { warningText } from '../../../reports/wording/cautions.js';
import type { Counts, RunStatus } from '../../run/status/run-status.js';
import { printLine } from '../command.js';
import { duration, percent } from './format.js';

export const printStatus = (status: RunStatus): void => {
  for (const [label, text] of linesOf(status)) printLine(`${label.padEnd(9)}${text}`);
};

const linesOf = (status: RunStatus): readonly (readonly [label: string, text: string])[] => {
  const { suite, directory, owner, state, tries, trials, running, failed, missingLines } = status;
  const by =
    owner === null
      ? state
      : `running since ${time(owner.since)}, process ${owner.pid} of ${owner.user} on ${owner.host}`;
  const left = status.secondsLeft === null ? '' : `; ${duration(status.secondsLeft)} of training left`;
  return [
    ['run', `${suite} in ${directory}: ${by}`],
    ...(tries.planned === 0 ? [] : [['tries', countText(tries)] as const]),
    ['trials', `${countText(trials)}${left}`],
    ...running.map(
      ({ candidate, seed, learningRate, epochs, share, since, where }) =>
        [
          'running',
          `${nameOf(candidate, seed, learningRate)}: ${percent(share, 0)}${epochs === null ? '' : `, ${plural(epochs, 'epoch')} done`}, ` +
            `since ${time(since)}${where === null ? '' : ` on ${where}`}`,
        ] as const,
    ),
    ...failed.map(
      ({ candidate, seed, learningRate, cause, error }) =>
        [
          'failed',
          `${nameOf(candidate, seed, learningRate)}${cause === null ? '' : ` (${cause})`}: ${error}`,
        ] as const,
    ),
    ['latency', latencyText(status)],
    ...(missingLines === 0
      ? []
      : [['journal', warningText({ kind: 'journal-lines-missing', lines: missingLines })] as const]),
    ...(state === 'stopped' ? [['resume', `lightbench run --resume ${directory}`] as const] : []),
  ];
};

const countText = ({ planned, done, reused, failed, running, pending }: Counts): string =>
  [
    `${done} of ${planned} done${reused === 0 ? '' : ` (${reused} reused)`}`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...(running === 0 ? [] : [`${running} running`]),
    ...(pending === 0 ? [] : [`${pending} pending`]),
  ].join(', ');

const latencyText = ({ latency: { done, failed, pending }, latencyRounds }: RunStatus): string => {
  const rounds = latencyRounds === null ? '' : `; round ${latencyRounds.done} of ${latencyRounds.total}`;
  return `${done} of ${plural(done + failed + pending, 'candidate')} measured${failed === 0 ? '' : `, ${failed} failed`}${rounds}`;
};

const nameOf = (candidate: string, seed: number | null, learningRate: number | null): string =>
  seed === null ? `${candidate}, learning rate ${learningRate}` : `${candidate}, seed ${seed}`;

const time = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
