import { PROFILE_KINDS } from '../../../results/profile/profile-kinds.js';
import { fixed, significantDigits } from '../../text/numbers.js';
import { plural } from '../../text/words.js';
import {
  abovePeakText,
  type KindTime,
  type RooflineNetwork,
  rateOf,
  ridgeOf,
  sumOf,
} from '../../view/roofline.js';
import type { ReportView } from '../../view/view.js';
import { type Html, type HtmlPart, html } from '../html/html.js';
import { candidateName } from '../html/key.js';
import { numberCell } from '../html/number-cell.js';
import { table } from '../html/table.js';

/** The measured limits of the machine, and every candidate's speed with the share of each kind in its time; null where none was profiled. */
export const rooflineTable = (view: ReportView): Html | null => {
  const { roofline, candidates } = view;
  if (roofline === null) return null;
  const { networks, peakMacsPerSecond, bytesPerSecond, batch, threads } = roofline;
  const found = new Map(networks.map((network) => [network.id, network]));
  const kinds = PROFILE_KINDS.filter((kind) =>
    networks.some((network) => network.kinds.some((one) => one.kind === kind)),
  );
  const tooFast = candidates.flatMap(({ id, label }) => {
    const text = abovePeakText(found.get(id) ?? { abovePeak: null });
    return text === null ? [] : [`${label}: ${text}`];
  });
  const peak = fixed(peakMacsPerSecond / 1e9, 1);
  const times = table({
    caption: `Speed of the deploy form, batch ${batch}, ${plural(threads, 'thread')}, and the share of each kind of operation in the time of all of them (%)`,
    headings: [
      [
        { text: 'Candidate' },
        { text: 'latency (ms)', numeric: true },
        { text: 'GMACs/s', numeric: true },
        { text: 'of the peak (%)', numeric: true },
        { text: 'MACs a byte', numeric: true },
        ...kinds.map((kind) => ({ text: kind, numeric: true })),
      ],
    ],
    bodies: view.groups.map(({ title, candidates }) => ({
      title,
      rows: candidates.map((candidate) => [
        candidateName(candidate),
        ...cells(found.get(candidate.id), kinds, peakMacsPerSecond),
      ]),
    })),
  });
  return html`<p class="note"><b>At most ${peak} GMACs/s and ${fixed(bytesPerSecond / 1e9, 1)} GB/s</b> here: the fastest of products of matrices and convolutions of several shapes, and a sum of two large arrays, timed in the same rounds as the candidates. With fewer than ${fixed(ridgeOf(roofline), 1)} multiply-accumulates for a byte, memory is the limit.${tooFast.map((text) => html` ${text}`)}</p>${times}`;
};

const cells = (
  network: RooflineNetwork | undefined,
  kinds: readonly KindTime['kind'][],
  peak: number,
): readonly HtmlPart[] => {
  if (network === undefined) return ['–', '–', '–', '–', ...kinds.map(() => '–')];
  const sum = sumOf(network.kinds);
  const rate = rateOf({ macs: sum.macs, ms: network.medianMs }) ?? 0;
  const share = (kind: KindTime['kind']): HtmlPart => {
    const own = network.kinds.find((one) => one.kind === kind);
    return own === undefined ? '–' : numberCell(own.ms / sum.ms, fixed((100 * own.ms) / sum.ms, 1));
  };
  return [
    numberCell(network.medianMs, fixed(network.medianMs, significantDigits([network.medianMs], 3))),
    numberCell(rate, fixed(rate / 1e9, 2)),
    numberCell(rate, rate > peak ? 'above' : fixed((100 * rate) / peak, 1)),
    numberCell(sum.macs / sum.bytes, fixed(sum.macs / sum.bytes, 2)),
    ...kinds.map(share),
  ];
};
