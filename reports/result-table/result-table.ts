import { plainText } from '../text/text.js';
import { plural } from '../text/words.js';
import type { ReportView } from '../view/view.js';
import type { Cell } from './cell.js';
import { type ColumnId, TABLE_COLUMNS, type TableColumn } from './columns.js';

/** Results as a table for a paper, ready for any format. */
export interface ResultTable {
  /** For references: the suite. */
  readonly suite: string;
  /** Data, seeds and method. */
  readonly caption: string;
  readonly columns: readonly (TableColumn & { readonly id: ColumnId })[];
  readonly groups: readonly { readonly title: string; readonly rows: readonly (readonly Cell[])[] }[];
}

export const resultTable = (view: ReportView, ids: readonly ColumnId[]): ResultTable => {
  const columns = ids.map((id) => ({ id, ...TABLE_COLUMNS[id](view) }));
  return {
    suite: view.run.plan.suite,
    caption: captionOf(view, ids),
    columns,
    groups: view.groups.map((group) => ({
      title: group.title,
      rows: group.candidates.map((candidate) => columns.map(({ cell }) => cell(candidate, group))),
    })),
  };
};

const captionOf = (view: ReportView, ids: readonly ColumnId[]): string => {
  const has = (...wanted: readonly ColumnId[]): boolean => wanted.some((id) => ids.includes(id));
  return [
    `${plainText(view.run.plan.title)}: ${dataText(view)}.`,
    ...(has('params', 'macs') ? ['Parameters and MACs are of the deploy form.'] : []),
    ...(has('peak-memory')
      ? [
          'Peak memory is of the activations of one image in int8, in kB of 1024 bytes, in the best order of the operations of the deploy form.',
        ]
      : []),
    ...(has('top1')
      ? [`Top-1 is the mean over ${seedsText(view)}, with its 95 % interval over ${sampledText(view)}.`]
      : []),
    ...(has('latency') ? [latencyText(view)] : []),
    ...(has('top1-difference', 'latency-difference', 'top1-verdict', 'latency-verdict')
      ? [
          'Differences are to the reference of the group, with intervals corrected for all pairs of the group.',
        ]
      : []),
    ...(has('top1-rank', 'latency-rank')
      ? ['A rank is one more than the number of candidates that are decidedly better; = marks a shared rank.']
      : []),
    ...(has('top1', 'latency') ? ['Bold: no candidate of the group is shown to be better.'] : []),
  ].join(' ');
};

const dataText = ({ run: { plan } }: ReportView): string => {
  const { dataset, input, recipe } = plan.conditions;
  return `${plainText(dataset.id)}, ${plural(dataset.trainImages, 'training image')} and ${plural(dataset.testImages, 'test image')} as ${input.join('x')}, ${plural(Number(recipe.epochs), 'epoch')}`;
};

const seedsText = ({ candidates }: ReportView): string => {
  const counts = candidates.map(({ seeds }) => seeds.done);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? plural(most, 'seed') : `${least} to ${plural(most, 'seed')}`;
};

/** Of one seed each, nothing is known about other seeds. */
const sampledText = ({ candidates }: ReportView): string =>
  candidates.some(({ seeds }) => seeds.done > 1) ? 'seeds and test images' : 'test images alone';

const latencyText = ({ run: { plan, environment } }: ReportView): string => {
  const { engine } = plan.conditions;
  const { batch, threads } = plan.latency;
  return `Latency is the median per batch of ${batch} of the deploy form, with its 95 % interval: ${engine.id} ${engine.version} on ${plainText(environment.cpu)}, ${plural(threads, 'thread')}.`;
};
