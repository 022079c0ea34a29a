/** Says how far the measurements for a budget of latency are. */
import type { BudgetProgress } from '../../run/plan/budget/latency-budget.js';

const STEPS: Readonly<Record<BudgetProgress['step'], string>> = {
  ends: 'both ends of every knob',
  search: 'search',
  confirm: 'all chosen values together',
};

/** One line, rewritten, on a terminal; one line a measurement elsewhere. Drawn between rounds, not while one is timed. */
export const budgetProgress =
  (stream: NodeJS.WriteStream) =>
  ({ step, measurement, round, rounds }: BudgetProgress): void => {
    const text = `Latency budget: ${STEPS[step]}, measurement ${measurement}`;
    if (stream.isTTY)
      stream.write(`\r\u001b[K${text}, round ${round} of ${rounds}${round === rounds ? '\r\u001b[K' : ''}`);
    else if (round === 1) stream.write(`${text}\n`);
  };
