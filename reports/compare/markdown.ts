import type { Comparison } from '../../harness/regression/compare/comparison.js';
import { markdownText } from '../text/markdown-text.js';
import { comparisonView, type Finding, type Section } from './view.js';

/** A comparison as a comment on a pull request: the conclusion, a table a rule, the operations folded away. */
export const comparisonMarkdown = (comparison: Comparison): string => {
  const { baseline, current, sections, conclusion, state } = comparisonView(comparison);
  return `${[
    `### ${SIGNS[state]} ${markdownText(conclusion)}`,
    `Baseline: ${markdownText(baseline)}. Current: ${markdownText(current)}.`,
    ...sections.map(sectionMarkdown),
  ].join('\n\n')}\n`;
};

const SIGNS: Readonly<Record<Comparison['state'], string>> = {
  regression: '❌',
  undecided: '❔',
  passed: '✅',
};

const sectionMarkdown = ({ rule, findings, notes }: Section): string => {
  const told = findings.filter(({ state }) => state !== 'equal' && state !== 'identical');
  const equal = findings.length - told.length;
  return [
    `**${rule.charAt(0).toUpperCase()}${rule.slice(1)}**${equal === 0 ? '' : `: ${equal} equal`}`,
    ...(told.length === 0
      ? []
      : [
          ['| | entry | what |', '| --- | --- | --- |', ...told.map(row)].join('\n'),
          ...told.filter(({ details }) => details.length > 0).map(folded),
        ]),
    ...notes.map(markdownText),
  ].join('\n\n');
};

const row = ({ state, name, summary }: Finding): string =>
  `| ${state} | ${markdownText(name)} | ${summary.map(markdownText).join('<br>')} |`;

const folded = ({ name, details }: Finding): string =>
  [
    `<details><summary>${markdownText(name)}: what changed</summary>`,
    details.map((detail) => `- ${markdownText(detail)}`).join('\n'),
    '</details>',
  ].join('\n\n');
