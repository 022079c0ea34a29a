import { blockShareOf } from '../../../results/plan/candidate.js';
import { fixed, grouped, significantDigits, siUnit } from '../../text/numbers.js';
import type { CandidateView, ReportView } from '../../view/view.js';
import { knobsText, residualText } from '../../wording/budget.js';
import { definitionOf } from '../../wording/terms.js';
import type { Html, HtmlPart } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { numberCell } from '../html/number-cell.js';
import { type Heading, table } from '../html/table.js';

type Quantity = 'params' | 'macs' | 'flops' | 'activationBytes';
type Form = 'train' | 'deploy';

/** Exact costs of both forms, what share of them is under test, and how near the budget is. */
export const costTable = (view: ReportView): Html => tableOf(view, 'Costs per image, counted from the graph');

/** The same for the candidates at 224 pixels; null where the suite has no such scale. */
export const costTableAt224 = (view: ReportView): Html | null => {
  const records = view.run.plan.candidatesAt224 ?? [];
  const at224 = (candidates: readonly CandidateView[]): CandidateView[] =>
    candidates.flatMap((each) => {
      const record = records.find(({ name }) => name === each.id);
      return record === undefined ? [] : [{ ...each, candidate: record }];
    });
  const candidates = at224(view.candidates);
  if (candidates.length === 0) return null;
  const groups = view.groups.map((group) => ({ ...group, candidates: at224(group.candidates) }));
  return tableOf({ ...view, candidates, groups }, CAPTION_AT_224);
};

const CAPTION_AT_224 =
  'The same candidates at ImageNet scale (3 × 224 × 224, 1,000 classes), each with its knob matched to the budget of that scale. Costs only: nothing was trained at that size.';

const tableOf = (view: ReportView, caption: string): Html => {
  const columns = FORMS.flatMap((form) => QUANTITIES.map((quantity) => costColumn(view, form, quantity)));
  const budget = view.candidates.some(({ candidate }) => candidate.budget !== undefined);
  return table({
    caption,
    headings: [
      [
        { text: '' },
        { text: 'Train form', span: QUANTITIES.length },
        { text: 'Deploy form', span: QUANTITIES.length },
        { text: 'Block share', span: 2 },
        ...(budget ? [{ text: 'Budget', span: 2 }] : []),
      ],
      [
        { text: 'Candidate' },
        ...columns.map(({ heading }) => heading),
        number('params (%)', 'block_share_params'),
        number('MACs (%)', 'block_share_macs'),
        ...(budget ? [number('knob', 'budget_knob'), number('residual (%)', 'budget_residual')] : []),
      ],
    ],
    bodies: view.groups.map(({ title, candidates }) => ({
      title,
      rows: candidates.map((each) => [
        candidateName(each),
        ...columns.map(({ cell }) => cell(each)),
        percentCell(blockShareOf(each.candidate)?.params),
        percentCell(blockShareOf(each.candidate)?.macs),
        ...(budget ? budgetCells(each) : []),
      ]),
    })),
  });
};

const percentCell = (share: number | undefined): HtmlPart =>
  share === undefined ? '–' : numberCell(share, fixed(100 * share, 1));

const FORMS: readonly Form[] = ['train', 'deploy'];
const QUANTITIES: readonly Quantity[] = ['params', 'macs', 'flops', 'activationBytes'];

const NAMES: Record<Quantity, { readonly text: string; readonly unit: string; readonly column: string }> = {
  params: { text: 'params', unit: '', column: 'params' },
  macs: { text: 'MACs', unit: '', column: 'macs' },
  flops: { text: 'FLOPs', unit: '', column: 'flops' },
  activationBytes: { text: 'activations', unit: 'B', column: 'activation_bytes' },
};

/** Parameters to the last one; the others with a prefix that both forms share. */
const costColumn = (view: ReportView, form: Form, quantity: Quantity) => {
  const of = ({ candidate }: CandidateView, each: Form) => candidate.costs[each][quantity];
  const all = view.candidates.flatMap((candidate) => FORMS.map((each) => of(candidate, each)));
  const { prefix, divisor } = quantity === 'params' ? EXACT : siUnit(all);
  const digits = Math.min(
    3,
    significantDigits(
      all.map((value) => value / divisor),
      4,
    ),
  );
  const { text, unit, column } = NAMES[quantity];
  return {
    heading: number(prefix + unit === '' ? text : `${text} (${prefix}${unit})`, `${column}_${form}`),
    cell: (candidate: CandidateView) => {
      const value = of(candidate, form);
      return numberCell(value, quantity === 'params' ? grouped(value) : fixed(value / divisor, digits));
    },
  };
};

const EXACT = { prefix: '', divisor: 1 } as const;

const number = (text: string, column: string): Heading => ({
  text,
  definition: definitionOf(column),
  numeric: true,
});

const budgetCells = ({ candidate: { budget } }: CandidateView): string[] =>
  budget === undefined ? ['–', '–'] : [knobsText(budget), residualText(budget)];
