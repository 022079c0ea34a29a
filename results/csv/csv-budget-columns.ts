/** What `results.csv` holds of budgets; empty where the suite has none. */
import { type CsvColumn, column, ofBudget } from './csv-column.js';

export const BUDGET_COLUMNS: readonly CsvColumn[] = [
  column(
    'budget_metric',
    '',
    'Metric of the suite’s budget, of the deploy form: `params`, `macs`, `peak-memory` (bytes in int8) or `latency` (ms per batch).',
    ofBudget(({ metric }) => metric),
  ),
  column(
    'budget_target',
    'that of budget_metric',
    'Value that every candidate was matched to.',
    ofBudget(({ target }) => target),
  ),
  column(
    'budget_knob',
    '',
    'Option that was varied to meet the budget.',
    ofBudget(({ knob }) => knob),
  ),
  column(
    'budget_value',
    '',
    'Value of budget_knob.',
    ofBudget(({ value }) => value),
  ),
  column(
    'budget_residual',
    'share of the target',
    'Distance of the cost from the target, (cost - target) / target; for latency, as measured when the run was planned.',
    ofBudget(({ residual }) => residual),
  ),
  column(
    'budget_residual_low',
    'share of the target',
    'Lower end of the 95 % interval of a measured residual; empty if the cost is exact.',
    ofBudget(({ residualInterval95 }) => residualInterval95?.[0] ?? null),
  ),
  column(
    'budget_residual_high',
    'share of the target',
    'Upper end of the 95 % interval of a measured residual; empty if the cost is exact.',
    ofBudget(({ residualInterval95 }) => residualInterval95?.[1] ?? null),
  ),
  column(
    'second_budget_metric',
    '',
    'Metric of the second budget, if two were matched at once: `params`, `macs` or `peak-memory` of the deploy form.',
    ofBudget(({ second }) => second?.metric ?? null),
  ),
  column(
    'second_budget_target',
    'that of second_budget_metric',
    'Value that every candidate was matched to.',
    ofBudget(({ second }) => second?.target ?? null),
  ),
  column(
    'second_budget_knob',
    '',
    'Second option that was varied; empty if only the first was.',
    ofBudget(({ second }) => second?.knob?.option ?? null),
  ),
  column(
    'second_budget_value',
    '',
    'Value of second_budget_knob.',
    ofBudget(({ second }) => second?.knob?.value ?? null),
  ),
  column(
    'second_budget_residual',
    'share of the target',
    'Distance of the second cost from its target, (cost - target) / target.',
    ofBudget(({ second }) => second?.residual ?? null),
  ),
];
