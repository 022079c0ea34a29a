import type { ChannelOperatorRecord } from '../../../results/plan/candidate.js';
import { fixed } from '../../text/numbers.js';
import { top1Column } from '../../view/columns.js';
import type { CandidateView, ReportView } from '../../view/view.js';
import type { Html } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { numberCell } from '../html/number-cell.js';
import { type Heading, table } from '../html/table.js';

/** Receptive ranges of the channel operators beside the accuracy; null where no candidate has the frame of the Meta Basic Block. */
export const rangeTable = (view: ReportView): Html | null => {
  const top1 = top1Column(view);
  const bodies = view.groups
    .map(({ title, candidates }) => ({
      title,
      rows: candidates.filter(hasOperators).map((each) => {
        const estimate = top1.of(each);
        return [
          candidateName(each),
          estimate === null ? '–' : numberCell(estimate.value, top1.format(estimate.value)),
          ...PLACES.flatMap((place) => rangeCells(each, place)),
        ];
      }),
    }))
    .filter(({ rows }) => rows.length > 0);
  if (bodies.length === 0) return null;
  return table({
    caption:
      'Receptive range: the number of input channels that an output channel depends on, for the channel operators in the first block of the last stage.',
    headings: [
      [
        { text: '' },
        { text: 'Top-1' },
        { text: 'First channel operator', span: RANGE.length },
        { text: 'Second channel operator', span: RANGE.length },
      ],
      [{ text: 'Candidate' }, { text: '%', numeric: true }, ...RANGE, ...RANGE],
    ],
    bodies,
  });
};

const PLACES = ['channel1', 'channel2'] as const;

const RANGE: readonly Heading[] = [
  { text: 'channels', numeric: true },
  { text: 'min', numeric: true },
  { text: 'mean', numeric: true },
  { text: 'max', numeric: true },
  { text: 'range' },
];

const hasOperators = ({ candidate: { channelOperators = [] } }: CandidateView): boolean =>
  channelOperators.length > 0;

const rangeCells = (
  { candidate: { channelOperators = [] } }: CandidateView,
  place: ChannelOperatorRecord['place'],
): string[] => {
  const operator = channelOperators.find((one) => one.place === place);
  if (operator === undefined) return RANGE.map(() => '–');
  const { inputs, outputs, min, mean, max, full } = operator;
  return [
    `${inputs} → ${outputs}`,
    `${min}`,
    fixed(mean, Number.isInteger(mean) ? 0 : 1),
    `${max}`,
    full ? 'full' : 'not full',
  ];
};
