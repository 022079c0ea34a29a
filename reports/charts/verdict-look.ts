import type { Verdict } from '../../harness/analysis/analysis.js';
import { INKS } from '../palette.js';
import type { KeyEntry } from './chart.js';

export type VerdictState = Verdict['state'];

const VERDICT_STATES: readonly VerdictState[] = ['better', 'worse', 'tie', 'undecided'];

/** Areas are pale where nothing is decided; lines must still be seen. */
export const AREA_COLORS: VerdictColors = {
  better: INKS.better.light,
  worse: INKS.worse.light,
  tie: INKS.tie.light,
  undecided: INKS.undecided.light,
};

export const LINE_COLORS: VerdictColors = {
  ...AREA_COLORS,
  tie: INKS.muted.light,
  undecided: INKS.rule.light,
};

/** Colour of a verdict, by the field `state`. */
export const verdictColor = (colors: VerdictColors) => ({
  field: 'state',
  type: 'nominal' as const,
  title: null,
  scale: { domain: [...VERDICT_STATES], range: VERDICT_STATES.map((state) => colors[state]) },
});

export const verdictKey = (
  colors: VerdictColors,
  labels: Readonly<Record<VerdictState, string>>,
): readonly KeyEntry[] => VERDICT_STATES.map((state) => ({ label: labels[state], color: colors[state] }));

type VerdictColors = Readonly<Record<VerdictState, string>>;
