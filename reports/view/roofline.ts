/** Where the time of networks goes, by kinds of operations, beside what the machine could give (the roofline of Williams et al. 2009). */
import type { NetworkProfile, ProfileFields } from '../../results/profile/profile.js';
import { PROFILE_KINDS, type ProfileKind } from '../../results/profile/profile-kinds.js';
import { fixed } from '../text/numbers.js';
import { plural } from '../text/words.js';

/** All operations of a kind, of one batch. */
export interface KindTime {
  readonly kind: ProfileKind;
  readonly kernels: number;
  readonly macs: number;
  /** Read and written. */
  readonly bytes: number;
  readonly ms: number;
}

export interface RooflineView {
  readonly batch: number;
  readonly threads: number;
  readonly peakMacsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly networks: readonly RooflineNetwork[];
}

export interface RooflineNetwork {
  /** Of the candidate in the records. */
  readonly id: string;
  /** Without the profiler. */
  readonly medianMs: number;
  /** That have operations, in the order of all kinds. */
  readonly kinds: readonly KindTime[];
  /** Kernels faster than the measured peak: how many, and the fastest; null where there is none. */
  readonly abovePeak: {
    readonly kernels: number;
    readonly path: string;
    readonly macsPerSecond: number;
  } | null;
}

export const rooflineOf = ({
  batch,
  threads,
  peakMacsPerSecond,
  bytesPerSecond,
  profilerMs,
  networks,
}: Pick<ProfileFields, keyof RooflineView | 'profilerMs'>): RooflineView => ({
  batch,
  threads,
  peakMacsPerSecond,
  bytesPerSecond,
  networks: networks.map(({ name, medianMs, kernels }) => ({
    id: name,
    medianMs,
    kinds: kindTimes(kernels),
    abovePeak: abovePeak(kernels, peakMacsPerSecond, profilerMs),
  })),
});

/** Of kernels that take no longer than the profiler itself, the speed is known too roughly. */
const abovePeak = (
  kernels: NetworkProfile['kernels'],
  peak: number,
  profilerMs: number,
): RooflineNetwork['abovePeak'] => {
  const faster = kernels
    .flatMap(({ path, macs, ms }) => {
      const macsPerSecond = ms > profilerMs ? rateOf({ macs, ms }) : null;
      return macsPerSecond === null || macsPerSecond <= peak ? [] : [{ path, macsPerSecond }];
    })
    .toSorted((a, b) => b.macsPerSecond - a.macsPerSecond);
  const [fastest] = faster;
  return fastest === undefined ? null : { kernels: faster.length, ...fastest };
};

/** For example `expand reaches 56.7 GMACs/s, above the peak, as does 1 other kernel: ...`; null where the peak bounds all kernels. */
export const abovePeakText = ({ abovePeak: found }: Pick<RooflineNetwork, 'abovePeak'>): string | null => {
  if (found === null) return null;
  const { path, macsPerSecond, kernels } = found;
  const others =
    kernels === 1 ? '' : `, as ${kernels === 2 ? 'does' : 'do'} ${plural(kernels - 1, 'other kernel')}`;
  return `${path} reaches ${fixed(macsPerSecond / 1e9, 1)} GMACs/s, above the peak${others}: none of the products and convolutions that the peak is measured by was as fast, so it is no bound here.`;
};

/** For example `66.9 %`; in words where it would be more than all. */
export const shareOfPeak = (macsPerSecond: number, peak: number): string =>
  macsPerSecond > peak ? 'above the peak' : `${fixed((100 * macsPerSecond) / peak, 1)} % of the peak`;

const kindTimes = (kernels: NetworkProfile['kernels']): readonly KindTime[] =>
  PROFILE_KINDS.flatMap((kind) => {
    const own = kernels.filter((kernel) => kernel.kind === kind);
    return own.length === 0 ? [] : [{ kind, kernels: own.length, ...sumOf(own) }];
  });

export const sumOf = (parts: readonly Pick<KindTime, 'macs' | 'bytes' | 'ms'>[]) => ({
  macs: parts.reduce((sum, { macs }) => sum + macs, 0),
  bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  ms: parts.reduce((sum, { ms }) => sum + ms, 0),
});

/** Multiply-accumulates a second; null where nothing is multiplied, or no time was left after the profiler's was taken away. */
export const rateOf = ({ macs, ms }: Pick<KindTime, 'macs' | 'ms'>): number | null =>
  macs > 0 && ms > 0 ? (1000 * macs) / ms : null;

/** Multiply-accumulates for a byte that is moved: below it, memory is the limit, above it arithmetic. */
export const ridgeOf = ({
  peakMacsPerSecond,
  bytesPerSecond,
}: Pick<RooflineView, 'peakMacsPerSecond' | 'bytesPerSecond'>): number => peakMacsPerSecond / bytesPerSecond;
