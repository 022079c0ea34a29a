import type { Comparison } from '../../harness/regression/comparison.js';
import { plainText } from '../text.js';
import { comparisonView, type Finding, type Section } from './view.js';

/** A comparison as a comment on a pull request: the conclusion, a table a rule, the operations folded away. */
export const comparisonMarkdown = (comparison: Comparison): string => {
  const { baseline, current, sections, conclusion, state } = comparisonView(comparison);
  return `${[
    `### ${SIGNS[state]} ${escaped(conclusion)}`,
    `Baseline: ${escaped(baseline)}. Current: ${escaped(current)}.`,
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
    ...notes.map(escaped),
  ].join('\n\n');
};

const row = ({ state, name, summary }: Finding): string =>
  `| ${state} | ${escaped(name)} | ${summary.map(escaped).join('<br>')} |`;

const folded = ({ name, details }: Finding): string =>
  [
    `<details><summary>${escaped(name)}: what changed</summary>`,
    details.map((detail) => `- ${escaped(detail)}`).join('\n'),
    '</details>',
  ].join('\n\n');

/** Names come from users: nothing of them is markup. */
const escaped = (text: string): string =>
  plainText(text).replace(/[\\`*_|[\]<>&#]/g, (character) => `&#${character.charCodeAt(0)};`);
