import pc from 'picocolors';
import type { Comparison } from '../../harness/regression/compare/comparison.js';
import { plainText } from '../text/text.js';
import { comparisonView, type Finding, isFailure, type Section } from './view.js';

/** A comparison for a terminal: what is worse first, what is equal as a number. `colors` by default as picocolors finds the terminal. */
export const comparisonText = (comparison: Comparison, colors = pc.isColorSupported): string => {
  const paint = pc.createColors(colors);
  const { baseline, current, sections, conclusion, state } = comparisonView(comparison);
  const verdict = { regression: paint.red, undecided: paint.yellow, passed: paint.green }[state];
  return [
    `baseline  ${plainText(baseline)}\ncurrent   ${plainText(current)}`,
    ...sections.map((section) => sectionText(section, paint)),
    verdict(plainText(conclusion)),
  ].join('\n\n');
};

type Paint = ReturnType<typeof pc.createColors>;

const sectionText = ({ rule, findings, notes }: Section, paint: Paint): string => {
  const [quiet, told] = [findings.filter(isQuiet), findings.filter((finding) => !isQuiet(finding))];
  const heading = paint.bold(`${rule.charAt(0).toUpperCase()}${rule.slice(1)}:`);
  const notesText = notes.map(plainText);
  if (findings.length === 0) return `${heading} ${notesText.join(' ')}`;
  return [
    `${heading} ${quiet.length} of ${findings.length} equal`,
    ...told.toSorted((a, b) => order(a) - order(b)).flatMap((finding) => findingText(finding, paint)),
    ...notesText.map((note) => `  ${note}`),
  ].join('\n');
};

const isQuiet = ({ state }: Finding): boolean => state === 'equal' || state === 'identical';

const ORDER: readonly Finding['state'][] = [
  'gone',
  'broken',
  'worse',
  'undecided',
  'not-comparable',
  'changed',
  'better',
  'tie',
];

const order = ({ state }: Finding): number => ORDER.indexOf(state);

const findingText = (finding: Finding, paint: Paint): readonly string[] => {
  const { name, state, summary, details } = finding;
  const heading = `  ${look(finding, paint)(state)} ${paint.bold(plainText(name))}`;
  const [only, ...further] = summary.map(plainText);
  return [
    ...(further.length === 0
      ? [`${heading}: ${only ?? ''}`]
      : [heading, ...[only, ...further].map((line) => `    ${line}`)]),
    ...details.map((detail) => `    ${paint.dim(plainText(detail))}`),
  ];
};

const look = (finding: Finding, paint: Paint) => {
  const { state } = finding;
  if (isFailure(finding)) return paint.red;
  if (state === 'better') return paint.green;
  return state === 'undecided' || state === 'not-comparable' ? paint.yellow : paint.dim;
};
