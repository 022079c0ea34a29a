/** Short texts beside the charts: the figures that one needs to read them. */

import { fixed, grouped, significantDigits } from '../text/numbers.js';
import { plural } from '../text/words.js';
import { type KernelPart, shareOf } from '../view/kernels.js';
import type { ReportView } from '../view/view.js';
import { type Html, html } from './html/html.js';

export const noiseNote = ({ noiseFloor }: ReportView): Html =>
  html`<p class="note">${
    noiseFloor === null
      ? 'There was no A/A control: the noise floor of latency is unknown.'
      : html`<b>Noise floor ${fixed(100 * noiseFloor, 2)} %.</b> Two measurements of the same network can differ by that much here; smaller latency differences cannot be resolved.`
  }</p>`;

export const trainingNote = ({ run }: ReportView): Html | null => {
  const results = run.trials.flatMap((trial) => (trial.state === 'done' ? [trial.result] : []));
  if (results.length === 0) return null;
  const epochs = range(results.map((result) => result.epochs.length));
  const seconds = range(results.map(({ trainSeconds }) => trainSeconds));
  const rate = range(results.map(({ trainImagesPerSecond }) => trainImagesPerSecond));
  const difference = Math.max(...results.map(({ deployCheck }) => deployCheck.maxRelativeDifference));
  return html`<p class="note"><b>${plural(results.length, 'trial')} of ${plural(epochs, 'epoch')}.</b> A trial took ${seconds} s at ${rate} images per second. After training, the deploy and train forms agreed in every trial to within ${difference.toExponential(1)} of the largest logit.</p>`;
};

/** What share the blocks have: a block that holds little cannot show much. */
export const dilutionNote = ({ groups }: ReportView): Html | null => {
  const blocks = groups.flatMap(({ comparable, candidates }) =>
    comparable.group === 'lightnet' ? candidates : [],
  );
  if (blocks.length === 0) return null;
  const share = (metric: 'params' | 'macs') =>
    range(blocks.map(({ candidate }) => 100 * candidate.blockShare[metric]));
  return html`<p class="note"><b>The blocks under test hold ${share('params')} % of the parameters and ${share('macs')} % of the MACs.</b> The rest is stem, subsampling and head, the same for all candidates of a group. The smaller the share, the less a block can affect the result.</p>`;
};

/** What the paper's Fig. 5 asks: how much the centre of a kernel holds, its cross, and its rim. Null where no kernel was measured. */
export const kernelNote = ({ candidates }: ReportView): Html | null => {
  const sentences = [3, 5, 7].flatMap((kernel) => {
    const matrices = candidates.flatMap(({ kernels }) =>
      kernels.flatMap((one) => (one.kernel === kernel ? [one.matrix] : [])),
    );
    if (matrices.length === 0) return [];
    const share = (part: KernelPart) => range(matrices.map((matrix) => 100 * shareOf(matrix, part)));
    const rim = kernel === 3 ? 'a corner' : 'a tap of the outer ring';
    return [
      html`<b>${kernel} × ${kernel}: the centre holds ${share('centre')} %</b>; on average, a tap next to it holds ${share('cross')} % and ${rim} ${share(kernel === 3 ? 'corner' : 'ring')} %; a uniform kernel would have ${fixed(100 / kernel ** 2, 1)} %. `,
    ];
  });
  return sentences.length === 0 ? null : html`<p class="note">${sentences}</p>`;
};

/** `3`, or `3 to 5`; two significant digits of the smallest at least. */
const range = (values: readonly number[]): string => {
  const digits = values.every(Number.isInteger) ? 0 : Math.min(1, significantDigits(values, 2));
  const write = (value: number) => (digits === 0 ? grouped(Math.round(value)) : fixed(value, digits));
  const [low, high] = [write(Math.min(...values)), write(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
};
