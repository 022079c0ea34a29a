/** Where the time of networks goes, by kinds of operations, beside what the machine could give (the roofline of Williams et al. 2009). */
import type { NetworkProfile, ProfileFields } from '../results/profile/profile.js';
import { PROFILE_KINDS, type ProfileKind } from '../results/profile/profile-kinds.js';

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
}

export const rooflineOf = ({
  batch,
  threads,
  peakMacsPerSecond,
  bytesPerSecond,
  networks,
}: Pick<ProfileFields, keyof RooflineView>): RooflineView => ({
  batch,
  threads,
  peakMacsPerSecond,
  bytesPerSecond,
  networks: networks.map(({ name, medianMs, kernels }) => ({
    id: name,
    medianMs,
    kinds: kindTimes(kernels),
  })),
});

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
