import type { ParetoFront } from '../../harness/analysis/analysis.js';
import type { GroupView, ReportView } from '../view.js';
import { type Html, html } from './html.js';
import { candidateName } from './key.js';
import { table } from './table.js';

/** How sure it is that a candidate is on the Pareto front of its group, for every cost; null where there is no front. */
export const frontTable = ({ groups }: ReportView): Html | null => {
  const withFronts = groups.filter(({ comparable }) => comparable.fronts.length > 0);
  if (withFronts.length === 0) return null;
  const content = table({
    caption: 'Probability of being on the Pareto front: no other candidate is as accurate at lower cost',
    headings: [
      [{ text: 'Candidate' }, ...COSTS.map(({ name }) => ({ text: `top-1 against ${name}`, numeric: true }))],
    ],
    bodies: withFronts.map((group) => ({
      title: group.title,
      rows: group.candidates.map((candidate) => [
        candidateName(candidate),
        ...COSTS.map(({ cost }) => probability(group, cost, candidate.id)),
      ]),
    })),
  });
  return html`<details><summary>How certain the Pareto fronts are</summary>${content}</details>`;
};

const COSTS: readonly { readonly cost: ParetoFront['cost']; readonly name: string }[] = [
  { cost: 'params', name: 'parameters' },
  { cost: 'latency', name: 'latency' },
  { cost: 'macs', name: 'MACs' },
  { cost: 'peak-memory', name: 'peak memory' },
];

/** In bold where the estimates have it on the front. */
const probability = ({ comparable }: GroupView, cost: ParetoFront['cost'], id: string): Html => {
  const point = comparable.fronts
    .find((front) => front.cost === cost)
    ?.points.find(({ candidate }) => candidate === id);
  if (point === undefined) return html`–`;
  const text = point.probability.toFixed(2);
  return point.onFront ? html`<b>${text}</b>` : html`${text}`;
};
