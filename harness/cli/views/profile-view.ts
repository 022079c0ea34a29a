/** Prints where the time of networks goes. */
import type { z } from 'zod';
import {
  abovePeakText,
  type KindTime,
  type RooflineNetwork,
  rateOf,
  ridgeOf,
  rooflineOf,
  shareOfPeak,
  sumOf,
} from '../../../reports/view/roofline.js';
import type { NetworkProfile } from '../../../results/profile/profile.js';
import { printLine, printPainted } from '../command.js';
import type { profileContract } from '../contracts/profile.js';
import { percent, short } from './format.js';
import { textTable } from './table.js';

type ProfileReport = z.infer<typeof profileContract>;

export const printProfile = (report: ProfileReport, perOp: boolean): void => {
  const { engine, cpu, batch, threads, peakMacsPerSecond, bytesPerSecond, profilerMs, networks } = report;
  printLine(`deploy form, ${engine.id} ${engine.version} on ${cpu}, batch ${batch}, threads ${threads}`);
  printLine();
  printLine(
    `peak       ${giga(peakMacsPerSecond)} GMACs/s, the fastest of products of matrices and convolutions`,
  );
  printLine(`bandwidth  ${giga(bytesPerSecond)} GB/s, a sum of two large arrays`);
  printLine(`ridge      ${digits(ridgeOf(report))} MACs a byte; with fewer, memory is the limit`);
  printLine(`profiler   ${digits(1000 * profilerMs)} us a kernel, which is taken away below`);
  const views = rooflineOf(report).networks;
  for (const [index, network] of networks.entries()) {
    const view = views[index];
    if (view === undefined) continue;
    printLine();
    printNetwork(network, view, peakMacsPerSecond);
    if (perOp) printKernels(network);
  }
};

const printNetwork = (
  { name, medianMs, interval95Ms: [low, high] }: NetworkProfile,
  { kinds, abovePeak }: Pick<RooflineNetwork, 'kinds' | 'abovePeak'>,
  peak: number,
): void => {
  const sum = sumOf(kinds);
  const rate = rateOf({ macs: sum.macs, ms: medianMs }) ?? 0;
  printLine(name);
  printLine(
    `${digits(medianMs)} ms a batch, 95 % interval ${digits(low)} to ${digits(high)}: ${giga(rate)} GMACs/s, ${shareOfPeak(rate, peak)}; kernels take ${percent(sum.ms / medianMs, 0)} of it`,
  );
  if (Math.abs(sum.ms / medianMs - 1) > MOST_OFF)
    printLine(
      'That does not fit together: another program may have disturbed the measurement, or kernels are too small for it.',
    );
  const tooFast = abovePeakText({ abovePeak });
  if (tooFast !== null) printLine(tooFast);
  printLine();
  printPainted(
    textTable(
      [{ heading: 'kind' }, ...['kernels', 'ms', 'share', 'MACs', 'GMACs/s', 'MACs/byte', 'GB/s'].map(right)],
      kinds.map((kind) => [
        kind.kind,
        String(kind.kernels),
        digits(kind.ms),
        percent(kind.ms / sum.ms),
        kind.macs === 0 ? '' : short(kind.macs),
        ...speeds(kind),
      ]),
    ),
  );
};

/** Of the kernels' times together from the latency, as a share of it. */
const MOST_OFF = 0.25;

const printKernels = ({ kernels }: NetworkProfile): void => {
  printLine();
  printPainted(
    textTable(
      [
        { heading: 'operation' },
        { heading: 'kind' },
        ...['ms', 'MACs', 'GMACs/s', 'MACs/byte', 'GB/s'].map(right),
      ],
      kernels.map((kernel) => [
        kernel.path,
        kernel.kind,
        digits(kernel.ms),
        kernel.macs === 0 ? '' : short(kernel.macs),
        ...speeds(kernel),
      ]),
    ),
  );
};

const right = (heading: string) => ({ heading, align: 'right' }) as const;

/** Multiply-accumulates a second, and for a byte; bytes a second. Empty where nothing is left after the profiler's time. */
const speeds = ({ macs, bytes, ms }: Pick<KindTime, 'macs' | 'bytes' | 'ms'>): readonly string[] => {
  const rate = rateOf({ macs, ms });
  return [
    rate === null ? '' : giga(rate),
    macs === 0 || bytes === 0 ? '' : digits(macs / bytes),
    ms === 0 ? '' : giga((1000 * bytes) / ms),
  ];
};

const giga = (value: number): string => digits(value / 1e9);

const digits = (value: number): string => String(Number(value.toPrecision(3)));
