import pc from 'picocolors';
import type { Bisection, Commit } from '../../harness/regression/bisect/bisection.js';
import { plainText } from '../text/text.js';
import { comparisonText } from './text.js';

/** The commit that was found, or those between which it lies, and what changed there, for a terminal. */
export const bisectionText = (bisection: Bisection): string => {
  const { state, firstBad, lastGood, between, change } = bisection;
  const heading =
    state === 'found'
      ? [pc.bold(`First bad commit: ${commitText(firstBad)}`)]
      : [
          pc.yellow(
            `The first bad commit is one of those after ${shortHash(lastGood)}, up to ${shortHash(firstBad)}:`,
          ),
          ...[...between, firstBad].map((commit) => `  ${commitText(commit)}`),
        ];
  return [...heading, '', comparisonText(change)].join('\n');
};

/** `1a2b3c4d5e6f  2026-01-02  Widen the expansion` */
export const commitText = (commit: Commit): string =>
  `${shortHash(commit)}  ${commit.date.slice(0, 10)}  ${plainText(commit.subject)}`;

const shortHash = ({ hash }: Commit): string => hash.slice(0, 12);
