import type { Analysis, ClaimAnswer } from '../../../harness/analysis/analysis.js';
import type { ReportView } from '../../view/view.js';
import { besideText } from '../../wording/claim-text.js';
import { neededText, unitOf } from '../../wording/effect-text.js';
import { unequalCostsText } from '../../wording/otherwise.js';
import { type Html, html } from '../html/html.js';
import { table } from '../html/table.js';
import { effectCell } from './verdict.js';

/** The statements of the suite with their answers; null where it states none. */
export const claimsTable = ({ run: { plan }, analysis }: ReportView): Html | null => {
  const { claims } = analysis;
  if (claims.length === 0) return null;
  const { dataset, input } = plan.conditions;
  return table({
    caption: `Statements of the suite, answered for ${dataset.id} at ${input.join(' × ')} with the recipe below: no more than that. Their intervals are corrected for all statements, those of pairs for all pairs.`,
    headings: [
      [
        { text: 'Statement' },
        { text: 'answer' },
        { text: 'left against right', numeric: true },
        { text: 'what is missing' },
      ],
    ],
    bodies: [{ rows: claims.map((claim) => [claim.claim, claimState(claim), ...figures(claim, analysis)]) }],
  });
};

/** For example `2 supported, 1 undecided`. */
export const claimCounts = (claims: readonly ClaimAnswer[]): string =>
  (['supported', 'contradicted', 'undecided', 'not-comparable', 'not-answerable'] as const)
    .map((state) => ({ state, count: claims.filter((claim) => claim.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${CLAIM_STATES[state]}`)
    .join(', ');

const CLAIM_STATES: Record<ClaimAnswer['state'], string> = {
  supported: 'supported',
  contradicted: 'contradicted',
  undecided: 'undecided',
  'not-comparable': 'not comparable',
  'not-answerable': 'not answerable',
};

export const claimState = ({ state }: ClaimAnswer): Html =>
  html`<span class="verdict ${state}">${CLAIM_STATES[state]}</span>`;

/**
 * Why a statement is contradicted by an interval that has zero in it: what it excludes is a difference that matters. Empty where the
 * interval says it alone.
 */
export const ruledOutText = (claim: ClaimAnswer): string => {
  if (claim.state !== 'contradicted') return '';
  const { interval, threshold, metric } = claim.comparison;
  return interval === null || interval[0] > 0 || interval[1] < 0
    ? ''
    : `; ${Number((100 * threshold).toPrecision(3))} ${unitOf(metric)} or more that way are ruled out`;
};

const figures = (claim: ClaimAnswer, analysis: Analysis): Html[] => {
  switch (claim.state) {
    case 'not-answerable':
      return [html``, html`<span class="error">${claim.reason}</span>`];
    case 'not-comparable':
      return [html``, html`${unequalCostsText(claim.reason.costs)}`];
    default: {
      const { comparison } = claim;
      const also = besideText(analysis, comparison);
      return [
        html`${effectCell(comparison)} ${unitOf(comparison.metric)}${also === '' ? '' : `, with ${also}`}${ruledOutText(claim)}`,
        html`${claim.state === 'undecided' ? neededText(comparison.verdict) : ''}`,
      ];
    }
  }
};
