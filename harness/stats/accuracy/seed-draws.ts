/**
 * What trials say of the candidates' accuracies over all seeds there could be: draws from the posterior of
 *
 *   a(c, s) = mu(c) + b(s) + e(c, s),  e(c, s) ~ N(0, sigma(c)^2),  b(s) ~ N(0, omega^2)
 *
 * with no value of mu favoured, sigma as in `spreads.ts`, and omega one of a few multiples of the candidates' typical spread.
 */
import { normals, uniforms } from './noise.js';
import { fitSeedEffect, type SeedEffect, withoutSeedEffect } from './seed-effect.js';
import { normalised, type SpreadGrid, spreadGrid, spreadPosterior } from './spreads.js';
import { type CentredTrials, centre, type Residuals, type TrialTable } from './trials.js';

/** Common effects of a seed, as multiples of the typical spread, and their prior. */
const OMEGAS = [
  { multiple: 0, prior: 0.4 },
  { multiple: 0.5, prior: 0.15 },
  { multiple: 1, prior: 0.25 },
  { multiple: 3, prior: 0.2 },
] as const;

const GREATEST_MULTIPLE = Math.max(...OMEGAS.map(({ multiple }) => multiple));

/** How often precisions are computed anew from what is left once the greatest effect is removed. */
const ROUNDS = 2;

export interface SeedDraws {
  /** By candidate. */
  readonly estimates: Float64Array;
  /** One row a draw: accuracy - estimate of every candidate. */
  readonly errors: Float64Array;
  /** By candidate, the harmonic mean of sigma^2: the typical one, which a few great draws do not move. */
  readonly variances: Float64Array;
}

/** Null where no candidate has a second trial: nothing is known about seeds. Throws RangeError where a candidate has no trial. */
export const seedDraws = (table: TrialTable, draws: number): SeedDraws | null => {
  const trials = centre(table);
  const { candidates } = table;
  const grid = gridOf(trials, table);
  if (grid === null) return null;
  const spreadsOf = ({ residuals }: SeedEffect) =>
    spreadPosterior(grid, blurred(residuals, table.resolution), table.leastSpread);
  const unmoved = withoutSeedEffect(trials);
  let precisions = spreadsOf(unmoved).meanPrecisions();
  for (let round = 0; round < ROUNDS; round += 1) {
    precisions = spreadsOf(
      fitSeedEffect(trials, precisions, GREATEST_MULTIPLE * typical(precisions)),
    ).meanPrecisions();
  }
  const models = OMEGAS.map(({ multiple }) =>
    multiple === 0 ? unmoved : fitSeedEffect(trials, precisions, multiple * typical(precisions)),
  );
  const weights = normalised(
    Float64Array.from(models, (model, m) => Math.log(OMEGAS[m]?.prior ?? 0) + model.logLikelihoodRatio),
  );
  const errors = new Float64Array(draws * candidates);
  const meanPrecisions = new Float64Array(candidates);
  let total = 0;
  let from = 0;
  for (const [m, model] of models.entries()) {
    const weight = weights[m] ?? 0;
    total += weight;
    const to = m === models.length - 1 ? draws : Math.round(total * draws);
    if (to <= from) continue;
    const posterior = spreadsOf(model);
    const spreads = posterior.draw(to - from, uniforms(draws * candidates).subarray(from * candidates));
    drawErrors({ trials, model, spreads, from, errors });
    for (const [c, precision] of posterior.meanPrecisions().entries()) {
      meanPrecisions[c] = (meanPrecisions[c] ?? 0) + weight * precision;
    }
    from = to;
  }
  return { estimates: trials.mean, errors, variances: meanPrecisions.map((precision) => 1 / precision) };
};

const gridOf = (trials: CentredTrials, { seeds, resolution, leastSpread }: TrialTable): SpreadGrid | null => {
  const { count, deviations } = trials;
  let [least, greatest] = [Number.POSITIVE_INFINITY, 0];
  for (const [c, seen] of count.entries()) {
    if (seen < 2) continue;
    let squares = 0;
    for (const value of deviations.subarray(c * seeds, (c + 1) * seeds))
      squares += Number.isNaN(value) ? 0 : value ** 2;
    const spread = Math.max(Math.sqrt(squares / (seen - 1) + resolution ** 2), leastSpread[c] ?? 0);
    [least, greatest] = [Math.min(least, spread), Math.max(greatest, spread)];
  }
  if (greatest === 0) return null;
  const alike = trials.count.map(() => greatest ** -2);
  const left = pooled(fitSeedEffect(trials, alike, GREATEST_MULTIPLE * greatest), resolution);
  return spreadGrid(Math.min(least, left), greatest, Math.max(...count) - 1);
};

/** Of all candidates together: what a seed does to all alike may be many times what it does to one alone. */
const pooled = ({ residuals }: SeedEffect, resolution: number): number => {
  const { squares, degrees } = blurred(residuals, resolution);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return Math.sqrt(sum(squares) / sum(degrees));
};

/**
 * By chance the same number of images is right with two seeds, which then seem not to vary. What rounding hides has this variance
 * (Sheppard 1898).
 */
const blurred = ({ squares, degrees }: Residuals, resolution: number): Residuals => ({
  squares: squares.map((sum, c) => sum + (degrees[c] ?? 0) * resolution ** 2),
  degrees,
});

/** The spread of a typical candidate; those that are far off hardly count. */
const typical = (precisions: Float64Array): number =>
  Math.sqrt(precisions.length / precisions.reduce((sum, precision) => sum + precision, 0));

const drawErrors = ({
  trials: { count, deviations },
  model: { effects, lower },
  spreads,
  from,
  errors,
}: {
  readonly trials: CentredTrials;
  readonly model: SeedEffect;
  readonly spreads: Float64Array;
  readonly from: number;
  readonly errors: Float64Array;
}): void => {
  const candidates = count.length;
  const seeds = effects.length;
  const draws = spreads.length / candidates;
  const perDraw = candidates + seeds;
  const normal = normals((from + draws) * perDraw);
  const drawn = new Float64Array(seeds);
  for (let d = 0; d < draws; d += 1) {
    const first = (from + d) * perDraw;
    if (lower !== null) drawEffects(effects, lower, normal.subarray(first + candidates), drawn);
    for (let c = 0; c < candidates; c += 1) {
      const trials = count[c] ?? 1;
      let moved = 0;
      if (lower !== null) {
        for (let s = 0; s < seeds; s += 1) {
          if (!Number.isNaN(deviations[c * seeds + s] ?? Number.NaN)) moved += drawn[s] ?? 0;
        }
      }
      const own = ((spreads[d * candidates + c] ?? 0) / Math.sqrt(trials)) * (normal[first + c] ?? 0);
      errors[(from + d) * candidates + c] = own - moved / trials;
    }
  }
};

/** effects + L^-T normal: the covariance of the effects is the inverse of L Lᵀ. */
const drawEffects = (
  effects: Float64Array,
  lower: Float64Array,
  normal: Float64Array,
  drawn: Float64Array,
): void => {
  const seeds = effects.length;
  for (let s = seeds - 1; s >= 0; s -= 1) {
    let rest = normal[s] ?? 0;
    for (let k = s + 1; k < seeds; k += 1) {
      rest -= (lower[k * seeds + s] ?? 0) * ((drawn[k] ?? 0) - (effects[k] ?? 0));
    }
    drawn[s] = (effects[s] ?? 0) + rest / (lower[s * seeds + s] ?? 1);
  }
};
