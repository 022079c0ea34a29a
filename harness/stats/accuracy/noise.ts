/** Random numbers of which every analysis takes the same: what is found in a record never depends on when it is asked. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The first `count` or more of a fixed sequence; drawn once for the process. */
export type Sequence = (count: number) => Float64Array;

const sequence = (seed: number, fill: (values: Float64Array, uniform: () => number) => void): Sequence => {
  let drawn = new Float64Array();
  return (count) => {
    if (drawn.length >= count) return drawn;
    const generator = xoroshiro128plus(seed);
    drawn = new Float64Array(2 ** Math.ceil(Math.log2(count)));
    fill(drawn, () => uniformFloat64(generator));
    return drawn;
  };
};

/** Uniform in [0, 1). */
export const uniforms: Sequence = sequence(1, (values, uniform) => {
  for (let i = 0; i < values.length; i += 1) values[i] = uniform();
});

/** Standard normal, in pairs by Box and Muller. */
export const normals: Sequence = sequence(2, (values, uniform) => {
  for (let i = 0; i < values.length; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    values[i] = radius * Math.cos(angle);
    values[i + 1] = radius * Math.sin(angle);
  }
});
