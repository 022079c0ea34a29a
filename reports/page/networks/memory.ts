import type { FormCost } from '../../../results/plan/candidate.js';
import { fixed, grouped } from '../../text/numbers.js';
import type { ReportView } from '../../view/view.js';
import { definitionOf } from '../../wording/terms.js';
import { type Html, html } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { numberCell } from '../html/number-cell.js';
import { type Heading, table } from '../html/table.js';

/** What a chip needs to run each form in int8, and which operation needs most; null for plans of versions that did not count it. */
export const memoryTable = (view: ReportView): Html | null => {
  if (view.candidates.every(({ candidate }) => candidate.costs.deploy.peakMemory === undefined)) return null;
  return table({
    caption:
      'Memory for one image in int8, in kB of 1024 bytes: activations kept at once in the best order of the operations, the operation that runs then, and all weights. In float32, activations take four times as much.',
    headings: [
      [{ text: '' }, ...FORMS.map((form) => ({ text: `${TITLES[form]} form`, span: 3 }))],
      [{ text: 'Candidate' }, ...FORMS.flatMap(headings)],
    ],
    bodies: view.groups.map(({ title, candidates }) => ({
      title,
      rows: candidates.map((each) => [
        candidateName(each),
        ...FORMS.flatMap((form) => cells(each.candidate.costs[form])),
      ]),
    })),
  });
};

const FORMS = ['deploy', 'train'] as const;

const TITLES = { deploy: 'Deploy', train: 'Train' } as const;

const headings = (form: (typeof FORMS)[number]): readonly Heading[] => [
  { text: 'activations', definition: definitionOf(`peak_memory_values_${form}`), numeric: true },
  { text: 'at', definition: definitionOf(`peak_memory_at_${form}`) },
  { text: 'weights', definition: definitionOf(`weight_bytes_${form}`), numeric: true },
];

const cells = ({ peakMemory, weightBytes }: FormCost): readonly (string | Html)[] =>
  peakMemory === undefined || weightBytes === undefined
    ? ['–', '–', '–']
    : [
        numberCell(peakMemory.values, `${peakMemory.isLeast ? '' : '≤ '}${kilobytes(peakMemory.values)}`),
        html`<code>${peakMemory.path}</code>`,
        numberCell(weightBytes, kilobytes(weightBytes)),
      ];

const kilobytes = (bytes: number): string =>
  bytes < 100 * 1024 ? fixed(bytes / 1024, 1) : grouped(Math.round(bytes / 1024));
