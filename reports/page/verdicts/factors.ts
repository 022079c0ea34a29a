import type { FactorEffect } from '../../../harness/analysis/analysis.js';
import type { ReportView } from '../../view/view.js';
import { neededText } from '../../wording/effect-text.js';
import type { Html } from '../html/html.js';
import { type Heading, table } from '../html/table.js';
import { effectCell, verdictCell } from './verdict.js';

/** Main effects and interactions of a factorial suite; null where it is none. */
export const factorTable = ({ groups }: ReportView): Html | null => {
  const effects = groups.flatMap(({ comparable }) => comparable.effects);
  const bodies = (['top1', 'latency'] as const)
    .map((metric) => ({
      title: TITLES[metric],
      rows: effects.filter((effect) => effect.metric === metric).map(row),
    }))
    .filter(({ rows }) => rows.length > 0);
  return bodies.length === 0
    ? null
    : table({
        caption: 'Main effects of the factors and their pairwise interactions',
        headings: [HEADINGS],
        bodies,
      });
};

const TITLES = { top1: 'Top-1 (points)', latency: 'Latency (%)' } as const;

const HEADINGS: readonly Heading[] = [
  { text: 'Factor' },
  { text: 'instead of' },
  { text: 'effect', numeric: true },
  { text: 'verdict' },
  { text: 'would need' },
];

const row = (effect: FactorEffect): (Html | string)[] => [
  effect.of.map(({ factor, level }) => `${factor} ${level}`).join(' × '),
  effect.of.map(({ reference }) => reference).join(' × '),
  effectCell(effect),
  verdictCell(effect.verdict),
  neededText(effect.verdict),
];
