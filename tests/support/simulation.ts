/** Made-up measurements with known truth, drawn fast enough for thousands of repetitions. */
import type { Rounds } from '../../harness/stats/rounds.js';
import { seededRandom } from './random.js';

const TABLE_SIZE = 2 ** 16;

/** Standard normal values: drawn from a table in pairs of opposite sign, so that their mean is exactly 0. */
export const normalSource = (seed: number): (() => number) => {
  const random = seededRandom(seed);
  const table = new Float64Array(TABLE_SIZE);
  for (let i = 0; i < TABLE_SIZE; i += 2) {
    const value = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    table[i] = value;
    table[i + 1] = -value;
  }
  return () => table[Math.floor(random() * TABLE_SIZE)] ?? 0;
};

/** Spreads of what decides whether a network classifies an image right, on the scale of a standard normal difficulty of images. */
export interface AccuracyModel {
  /** Between seeds, all images alike. */
  readonly seedSpread: number;
  /** By which each network is better than the first. */
  readonly gains: readonly number[];
}

const MODEL = { base: 1.45, images: 1, networkByImage: 0.35, residual: 0.45 } as const;

/**
 * For every network one row a seed of 0 and 1 an image: an image is classified right where base + gain + difficulty + what the network
 * makes of the image + its seed + noise is positive. Images and their difficulty are shared by all, noise by none.
 */
export const simulateCorrect = (
  normal: () => number,
  { seedSpread, gains }: AccuracyModel,
  { seeds, images }: { readonly seeds: number; readonly images: number },
): readonly (readonly Uint8Array[])[] => {
  const difficulty = Float64Array.from({ length: images }, () => MODEL.images * normal());
  return gains.map((gain) => {
    const level = difficulty.map((value) => MODEL.base + gain + value + MODEL.networkByImage * normal());
    return Array.from({ length: seeds }, () => {
      const seed = seedSpread * normal();
      const row = new Uint8Array(images);
      for (let i = 0; i < images; i += 1) {
        row[i] = (level[i] ?? 0) + seed + MODEL.residual * normal() > 0 ? 1 : 0;
      }
      return row;
    });
  });
};

/** How times vary, as shares of a time. */
export interface LatencyModel {
  readonly sessions: number;
  /** In each session. */
  readonly rounds: number;
  /** By which one network's time differs from session to session, for as long as the session lives. */
  readonly sessionSpread: number;
  /** Share of sessions in which other programs run, and every round varies by a tenth. */
  readonly disturbedSessions?: number;
}

const BUSY_SPREAD = 0.1;
const ROUND_SPREAD = 0.007;
const DRIFT_SPREAD = 0.05;
const DISTURBED = { share: 0.1, by: 0.15 } as const;

/**
 * Rounds of networks that take such times: all drift together from round to round; each has sessions that last, noise of its own, and
 * every tenth of its rounds is disturbed, by 15 % on average.
 */
export const simulateRounds = (
  normal: () => number,
  uniform: () => number,
  times: readonly number[],
  { sessions, rounds, sessionSpread, disturbedSessions = 0 }: LatencyModel,
): readonly Rounds[] => {
  const networks = times.map((time) => ({ time, rounds: [] as number[][] }));
  for (let s = 0; s < sessions; s += 1) {
    const spread = uniform() < disturbedSessions ? BUSY_SPREAD : ROUND_SPREAD;
    const drift = Float64Array.from({ length: rounds }, () => DRIFT_SPREAD * normal());
    for (const { time, rounds: all } of networks) {
      const level = Math.log(time) + sessionSpread * normal();
      const disturbance = () => (uniform() < DISTURBED.share ? -DISTURBED.by * Math.log(1 - uniform()) : 0);
      all.push(Array.from(drift, (shared) => Math.exp(level + shared + spread * normal() + disturbance())));
    }
  }
  return networks.map(({ rounds: all }) => all);
};
