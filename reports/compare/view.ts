/** What a comparison found, in words, the same for every format. */
import type {
  Comparison,
  CostEntry,
  MeasuredComparison,
  MeasuredEntry,
  Rule,
} from '../../harness/regression/comparison.js';
import { fixed, signed } from '../numbers.js';
import { listed, plural } from '../text.js';
import { operationTexts, totalText } from './cost-text.js';

export interface Finding {
  readonly name: string;
  readonly state: CostEntry['state'] | MeasuredEntry['state'] | 'equal';
  /** What and how much, a line each; none where it is equal. */
  readonly summary: readonly string[];
  /** What it comes from, a line each. */
  readonly details: readonly string[];
}

export interface Section {
  readonly rule: Rule;
  /** All entries; empty where the rule cannot tell. */
  readonly findings: readonly Finding[];
  /** Further sentences: what cannot be compared and why, what came and went. */
  readonly notes: readonly string[];
}

export interface ComparisonView {
  readonly state: Comparison['state'];
  readonly conclusion: string;
  readonly baseline: string;
  readonly current: string;
  /** Of the rules that were asked for. */
  readonly sections: readonly Section[];
}

export const comparisonView = (comparison: Comparison): ComparisonView => ({
  state: comparison.state,
  conclusion: conclusionOf(comparison),
  baseline: sideText(comparison.baseline),
  current: sideText(comparison.current),
  sections: [
    ...(comparison.costs ? [costSection(comparison.costs)] : []),
    ...(comparison.latency ? [measuredSection('latency', comparison.latency)] : []),
    ...(comparison.accuracy ? [measuredSection('accuracy', comparison.accuracy)] : []),
  ],
});

const conclusionOf = ({ state, regressions, undecided }: Comparison): string => {
  const named = (found: Comparison['regressions']): string =>
    listed(
      [...new Set(found.map(({ name }) => name))].map((name) => {
        const rules = found.filter((one) => one.name === name).map(({ rule }) => rule);
        return `${name} (${listed(rules)})`;
      }),
    );
  const open = undecided.length === 0 ? '' : ` Undecided: ${named(undecided)}.`;
  if (state === 'regression') return `Regression: ${named(regressions)}.${open}`;
  return state === 'undecided' ? `No regression.${open}` : 'No regression.';
};

const sideText = ({ name, kind, commit, lightbench, at }: Comparison['baseline']): string => {
  const where = commit === null ? '' : `, commit ${commit.slice(0, 12)}`;
  return kind === 'code'
    ? `${name}, built from this code${where}`
    : `${name}, of ${at.slice(0, 10)}${where}, lightbench ${lightbench}`;
};

const costSection = ({ entries, equal, added, removed }: NonNullable<Comparison['costs']>): Section => ({
  rule: 'costs',
  findings: [
    ...entries.map(costFinding),
    ...equal.map((name): Finding => ({ name, state: 'equal', summary: [], details: [] })),
  ],
  notes: [
    ...(added.length === 0 ? [] : [`New, without a baseline: ${listed(added)}.`]),
    ...(removed.length === 0 ? [] : [`Gone: ${listed(removed)}.`]),
  ],
});

const costFinding = ({ name, state, selection, totals, operations, unmerged }: CostEntry): Finding => ({
  name,
  state,
  summary: totals.length === 0 ? ['another network of equal costs'] : totals.map(totalText),
  details: [
    ...(selection[0] === selection[1] ? [] : [`selection: ${selection[0]} → ${selection[1]}`]),
    ...(unmerged.length === 0
      ? []
      : [
          `The deploy form keeps ${plural(unmerged.length, 'operation')} that it used to merge or fold: ${listed(unmerged)}.`,
        ]),
    ...(operations === null
      ? ['Which operations changed is not known: a side did not keep its costs by operation.']
      : operationTexts(operations)),
  ],
});

const measuredSection = (rule: Rule, comparison: MeasuredComparison): Section =>
  comparison.state === 'not-comparable'
    ? { rule, findings: [], notes: [`not comparable: ${comparison.reasons.join('; ')}.`] }
    : {
        rule,
        findings: comparison.entries.map((entry) => measuredFinding(rule, entry)),
        notes: [
          ...comparison.notes,
          ...(comparison.noiseFloor === null
            ? []
            : [
                `A model differs from itself by up to ${fixed(100 * comparison.noiseFloor, 2)} % (A/A control).`,
              ]),
        ],
      };

const measuredFinding = (rule: Rule, entry: MeasuredEntry): Finding => {
  const { name, state } = entry;
  switch (entry.state) {
    case 'identical':
      return {
        name,
        state,
        summary: [rule === 'latency' ? 'one model under one set of options' : 'every image classified alike'],
        details: [],
      };
    case 'not-comparable':
      return { name, state, summary: [entry.reason], details: [] };
    default: {
      const { before, after, effect, interval, needed, stored } = entry;
      const [unit, show] = rule === 'latency' ? ['%', milliseconds] : ['points', percent];
      const range = interval.map((end) => signed(100 * end, 2)).join(', ');
      return {
        name,
        state,
        summary: [`${show(before)} → ${show(after)}, ${signed(100 * effect, 2)} ${unit} [${range}]`],
        details: [
          ...(needed === null
            ? []
            : [`About ${plural(needed.count, needed.unit.slice(0, -1))} would probably decide it.`]),
          ...(stored === null
            ? []
            : [`Recorded with the baseline, on its machine and day: ${milliseconds(stored)}.`]),
        ],
      };
    }
  }
};

const milliseconds = (value: number): string => `${value.toPrecision(4)} ms`;

const percent = (share: number): string => `${fixed(100 * share, 2)} %`;
