import type { ParetoFront } from '../../../harness/analysis/analysis.js';
import type { GroupView, ReportView } from '../../view/view.js';
import { type Html, html } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { numberCell } from '../html/number-cell.js';
import { table } from '../html/table.js';

/** How sure it is that a candidate is on the Pareto front of its group, for every cost; null where there is no front. */
export const frontTable = ({ groups }: ReportView): Html | null =>
  frontsOf(
    groups.map((group) => ({ group, fronts: group.comparable.fronts })),
    'How certain the Pareto fronts are',
  );

/** The same of top-1 and latency in int8. */
export const int8FrontTable = ({ groups, analysis }: ReportView): Html | null => {
  const frontsByName = new Map(
    analysis.groups.map(({ candidates: [first] }, i) => [first, analysis.int8?.groups[i]?.fronts ?? []]),
  );
  return frontsOf(
    groups.map((group) => ({ group, fronts: frontsByName.get(group.comparable.candidates[0]) ?? [] })),
    'How certain the Pareto fronts in int8 are',
  );
};

interface GroupFronts {
  readonly group: GroupView;
  readonly fronts: readonly ParetoFront[];
}

const frontsOf = (all: readonly GroupFronts[], title: string): Html | null => {
  const withFronts = all.filter(({ fronts }) => fronts.length > 0);
  if (withFronts.length === 0) return null;
  const content = table({
    caption: 'Probability of being on the Pareto front: no other candidate is as accurate at lower cost',
    headings: [
      [{ text: 'Candidate' }, ...COSTS.map(({ name }) => ({ text: `top-1 against ${name}`, numeric: true }))],
    ],
    bodies: withFronts.map(({ group, fronts }) => ({
      title: group.title,
      rows: group.candidates.map((candidate) => [
        candidateName(candidate),
        ...COSTS.map(({ cost }) => probability(fronts, cost, candidate.id)),
      ]),
    })),
  });
  return html`<details><summary>${title}</summary>${content}</details>`;
};

const COSTS: readonly { readonly cost: ParetoFront['cost']; readonly name: string }[] = [
  { cost: 'params', name: 'parameters' },
  { cost: 'latency', name: 'latency' },
  { cost: 'macs', name: 'MACs' },
  { cost: 'peak-memory', name: 'peak memory' },
];

/** In bold where the estimates have it on the front. */
const probability = (fronts: readonly ParetoFront[], cost: ParetoFront['cost'], id: string): Html => {
  const point = fronts.find((front) => front.cost === cost)?.points.find(({ candidate }) => candidate === id);
  if (point === undefined) return html`–`;
  const text = point.probability.toFixed(2);
  return numberCell(point.probability, point.onFront ? html`<b>${text}</b>` : text);
};
