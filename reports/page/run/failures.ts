import type { ReportView } from '../../view/view.js';
import { type Html, html } from '../html/html.js';
import { table } from '../html/table.js';

/** Trials and measurements without a result, with their errors; null where there are none. */
export const failures = ({ candidates }: ReportView): Html | null => {
  const rows = candidates.flatMap(({ name, trials, latency }) => [
    ...trials.flatMap((trial) => {
      if (trial.state === 'done') return [];
      return [
        [
          name,
          `training, seed ${trial.seed}`,
          trial.state,
          trial.state === 'failed' ? error([trial.error, ...lastLines(trial)].join(' ')) : '',
        ],
      ];
    }),
    ...(latency.state === 'done'
      ? []
      : [[name, 'latency', latency.state, latency.state === 'failed' ? error(latency.error) : '']]),
  ]);
  if (rows.length === 0) return null;
  return table({
    caption: 'Trials and measurements without a result',
    headings: [[{ text: 'Candidate' }, { text: 'what' }, { text: 'state' }, { text: 'error' }]],
    bodies: [{ rows }],
  });
};

const lastLines = ({
  lastLines: lines = [],
}: {
  readonly lastLines?: readonly string[];
}): readonly string[] => (lines.length === 0 ? [] : [`Its last lines: ${lines.join(' / ')}`]);

const error = (text: string): Html => html`<span class="error">${text}</span>`;
