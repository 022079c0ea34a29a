import type { DeviceAnalysis, Place } from '../../../harness/analysis/analysis.js';
import { columnDigits, fixed, significantDigits } from '../../text/numbers.js';
import { plainText } from '../../text/text.js';
import { plural } from '../../text/words.js';
import type { ReportView } from '../../view/view.js';
import { DEVICES_APART, deviceNames, NO_ORDER_CHANGE, orderChangeTexts } from '../../wording/devices.js';
import { type Html, type HtmlPart, html } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { estimateCell } from '../html/number-cell.js';
import { table } from '../html/table.js';

/** Every candidate on every device; null where there is one alone. */
export const devicesTable = (view: ReportView): Html | null => {
  const { devices } = view.analysis;
  if (devices.length === 0) return null;
  const names = deviceNames(devices);
  const cells = devices.map(cellsOf);
  const changes = orderChangeTexts(view.analysis);
  return html`${table({
    caption: DEVICES_APART,
    headings: [
      [{ text: '' }, ...names.map((text) => ({ text, span: 2 }))],
      [
        { text: 'Candidate' },
        ...names.flatMap(() => [
          { text: 'rank', numeric: true },
          { text: 'ms [95 % interval]', numeric: true },
        ]),
      ],
    ],
    bodies: view.groups.map((group) => ({
      title: group.title,
      rows: group.candidates.map((candidate) => [
        candidateName(candidate),
        ...cells.flatMap((of) => of(candidate.id)),
      ]),
    })),
  })}
<ul>${(changes.length === 0 ? [NO_ORDER_CHANGE] : changes).map((text) => html`<li>${text}</li>`)}</ul>
<ul>${devices.map(({ device, noiseFloor }, index) => html`<li>${names[index] ?? ''}: ${factsOf(device, noiseFloor)}</li>`)}</ul>`;
};

const cellsOf = ({ latencyMs, groups }: DeviceAnalysis): ((id: string) => readonly HtmlPart[]) => {
  const digits = columnDigits(
    latencyMs,
    significantDigits(
      latencyMs.map(({ value }) => value),
      3,
    ),
  );
  const format = (value: number): string => fixed(value, digits);
  return (id) => {
    const estimate = latencyMs.find(({ candidate }) => candidate === id);
    const ranking = groups.find(({ ranking: places }) =>
      places.some(({ candidate }) => candidate === id),
    )?.ranking;
    return [rankLabel(id, ranking ?? []), estimateCell(estimate ?? null, format)];
  };
};

const rankLabel = (id: string, places: readonly Place[]): string => {
  const place = places.find(({ candidate }) => candidate === id);
  if (place === undefined || places.length === 1) return '–';
  return `${place.rank}${places.filter(({ rank }) => rank === place.rank).length > 1 ? '=' : ''}`;
};

const factsOf = (device: DeviceAnalysis['device'], noiseFloor: number | null): string => {
  const facts =
    device === null
      ? []
      : [device.runtime, device.cpu, plural(device.cores, 'core'), device.platform].map(plainText);
  const floor = noiseFloor === null ? 'no A/A control' : `noise floor ${fixed(100 * noiseFloor, 2)} %`;
  return [...facts, floor].join('; ');
};
