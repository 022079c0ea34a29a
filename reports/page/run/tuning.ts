import type { Run, TryState } from '../../../results/run/run.js';
import { chosenRate, validationTop1 } from '../../../results/run/tuning.js';
import { fixed } from '../../text/numbers.js';
import { plural } from '../../text/words.js';
import type { Html } from '../html/html.js';
import { table } from '../html/table.js';

/** Which learning rate every candidate trained with, and what all tries reached; null where nothing was tuned. */
export const tuning = (run: Run): Html | null => {
  const { tuning: conditions } = run.plan.conditions;
  if (conditions === undefined) return null;
  const { learningRates, epochs } = conditions;
  return table({
    caption: `Learning rates: validation top-1 (%) of one try each, ${plural(epochs, 'epoch')}, with a separate random seed. Trials use the best rate, or the smallest of equally good ones.`,
    headings: [
      [
        { text: 'Candidate' },
        { text: 'chosen', numeric: true },
        ...learningRates.map((rate) => ({ text: String(rate), numeric: true })),
      ],
    ],
    bodies: [
      {
        rows: run.plan.candidates.map(({ name }) => {
          const choice = chosenRate(run, name);
          return [
            name,
            choice?.state === 'chosen' ? String(choice.learningRate) : 'none',
            ...learningRates.map((rate) =>
              cell(
                run.tries.find(({ candidate, learningRate }) => candidate === name && learningRate === rate),
              ),
            ),
          ];
        }),
      },
    ],
  });
};

const cell = (one: TryState | undefined): string => {
  if (one === undefined) return '–';
  return one.state === 'done' ? fixed(100 * validationTop1(one.result), 2) : one.state;
};
