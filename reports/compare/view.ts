/** What a comparison found, in words, the same for every format. */
import type {
  Comparison,
  CostEntry,
  EntryVerdict,
  MeasuredComparison,
  MeasuredEntry,
  Rule,
} from '../../harness/regression/compare/comparison.js';
import { fixed, signed } from '../text/numbers.js';
import { listed, plural } from '../text/words.js';
import { operationTexts, totalText } from './cost-text.js';

export interface Finding {
  readonly name: string;
  readonly state: CostEntry['state'] | MeasuredEntry['state'] | 'equal' | 'gone';
  /** What and how much, a line each; none where it is equal. */
  readonly summary: readonly string[];
  /** What it comes from, a line each. */
  readonly details: readonly string[];
}

/** What fails a comparison. */
export const isFailure = ({ state }: Finding): boolean =>
  state === 'worse' || state === 'broken' || state === 'gone';

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
    ...(comparison.costs ? [costSection(comparison.costs, comparison.gone)] : []),
    ...(comparison.latency ? [measuredSection('latency', comparison.latency)] : []),
    ...(comparison.accuracy ? [measuredSection('accuracy', comparison.accuracy)] : []),
  ].map((section, index) =>
    index === 0
      ? { ...section, findings: [...comparison.gone.map(goneFinding), ...section.findings] }
      : section,
  ),
});

const goneFinding = (name: string): Finding => ({
  name,
  state: 'gone',
  summary: ['in the baseline, but no longer here'],
  details: [],
});

const conclusionOf = ({ state, regressions, undecided, gone }: Comparison): string => {
  const named = (found: Comparison['regressions']): string =>
    listed(
      [...new Set(found.map(({ name }) => name))].map((name) => {
        const rules = found.filter((one) => one.name === name).map(({ rule }) => rule);
        return `${name} (${listed(rules)})`;
      }),
    );
  const open = undecided.length === 0 ? '' : ` Undecided: ${named(undecided)}.`;
  const missing =
    gone.length === 0
      ? []
      : [
          `Gone: ${listed(gone)}. If that is intended, save the baseline again, or allow ${gone.length === 1 ? 'it' : 'them'} with --allow-gone.`,
        ];
  if (state === 'regression') {
    const worse = regressions.length === 0 ? [] : [`Regression: ${named(regressions)}.`];
    return `${[...worse, ...missing].join(' ')}${open}`;
  }
  return state === 'undecided' ? `No regression.${open}` : 'No regression.';
};

const sideText = ({ name, kind, commit, uncommitted, lightbench, at }: Comparison['baseline']): string => {
  const changed = uncommitted ? ' with uncommitted changes' : '';
  const where = commit === null ? '' : `, commit ${commit.slice(0, 12)}${changed}`;
  return kind === 'code'
    ? `${name}, built from the current code${where}`
    : `${name}, saved ${at.slice(0, 10)}${where}, lightbench ${lightbench}`;
};

const costSection = (
  { entries, equal, added, removed }: NonNullable<Comparison['costs']>,
  gone: readonly string[],
): Section => {
  const allowed = removed.filter((name) => !gone.includes(name));
  return {
    rule: 'costs',
    findings: [
      ...entries.map(costFinding),
      ...equal.map((name): Finding => ({ name, state: 'equal', summary: [], details: [] })),
    ],
    notes: [
      ...(added.length === 0 ? [] : [`New, not in the baseline: ${listed(added)}.`]),
      ...(allowed.length === 0 ? [] : [`Gone, as allowed: ${listed(allowed)}.`]),
    ],
  };
};

const costFinding = ({ name, state, selection, totals, operations, unmerged }: CostEntry): Finding => ({
  name,
  state,
  summary: totals.length === 0 ? ['a different network with equal costs'] : totals.map(totalText),
  details: [
    ...(selection[0] === selection[1] ? [] : [`selection: ${selection[0]} → ${selection[1]}`]),
    ...(unmerged.length === 0
      ? []
      : [
          `The deploy form no longer merges or folds ${plural(unmerged.length, 'operation')}: ${listed(unmerged)}.`,
        ]),
    ...(operations === null
      ? ['Unknown which operations changed: one side has no costs per operation.']
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
                `Noise floor ${fixed(100 * comparison.noiseFloor, 2)} % (A/A control): smaller latency differences cannot be resolved.`,
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
        summary: [rule === 'latency' ? 'same model, same options' : 'every image classified the same'],
        details: [],
      };
    case 'not-comparable':
    case 'broken':
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
          ...(needed === null ? [] : [neededText(needed)]),
          ...(stored === null
            ? []
            : [`Recorded when the baseline was saved, on its machine: ${milliseconds(stored)}.`]),
        ],
      };
    }
  }
};

const neededText = ({ unit, count, isLeast }: NonNullable<EntryVerdict['needed']>): string => {
  const units = plural(count, unit.slice(0, -1));
  return isLeast
    ? `A single ${unit.slice(0, -1)} decides nothing: it takes at least ${units} on both sides.`
    : `About ${units} would probably decide it.`;
};

const milliseconds = (value: number): string => `${value.toPrecision(4)} ms`;

const percent = (share: number): string => `${fixed(100 * share, 2)} %`;
