/** Channel operators of one or two convolutions: what is special about each, and its parameters by its formula. */
import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { kernelWeights, learnable } from '../learnable.js';

const build = (choice: string, from: number, to: number) =>
  buildAlone(choice, [from, 6, 6], { outChannels: to });

describe('shuffled', () => {
  it.each([
    [2, 32, 128],
    [4, 96, 24],
    [3, 240, 60],
  ])('in %i groups, %i -> %i, has the weights of a grouped convolution', (groups, from, to) => {
    const graph = build(`shuffled(groups=${groups})`, from, to);
    expect(learnable(graph)).toBe((from * to) / groups + 2 * to);
    expect(graph.nodes.at(-1)?.op).toEqual({ kind: 'permuteChannels', groups });
  });
});

describe('ghost', () => {
  it.each([
    ['ghost', 16, 32, 16 * 16 + 2 * 16 + 9 * 16 + 2 * 16],
    ['ghost(ratio=4)', 16, 32, 16 * 8 + 2 * 8 + 3 * 8 * 9 + 2 * 24],
    ['ghost(kernel=1)', 32, 8, 32 * 4 + 2 * 4 + 4 + 2 * 4],
  ])(
    '%s, %i -> %i, has a dense and a depthwise convolution, each with its norm',
    (choice, from, to, params) => {
      expect(learnable(build(choice, from, to))).toBe(params);
    },
  );

  it('puts the dense features first', () => {
    const { nodes } = build('ghost', 16, 32);
    const inputs = nodes.at(-1)?.inputs.map((id) => nodes[id]?.path);
    expect(inputs).toEqual(['primary.bn', 'cheap.bn']);
  });
});

describe('low-rank', () => {
  it.each([
    ['low-rank', 64, 256, 16],
    ['low-rank', 256, 64, 16],
    ['low-rank(reduction=1)', 12, 24, 12],
    ['low-rank(reduction=2.5)', 32, 32, 12],
    ['low-rank(reduction=64)', 32, 32, 1],
  ])('%s, %i -> %i, goes through %i channels', (choice, from, to, rank) => {
    expect(kernelWeights(build(choice, from, to))).toBe(from * rank + rank * to);
    expect(learnable(build(choice, from, to))).toBe(from * rank + 2 * rank + rank * to + 2 * to);
  });
});

describe('what an operator cannot take is told with its name, the numbers and the nearest that it can', () => {
  it.each([
    ['grouped(groups=3)', 32, 32, /^grouped: .*3 groups do not divide 32 input channels/, '2 and 4'],
    ['shuffled(groups=4)', 32, 30, /^shuffled: .*4 groups do not divide 30 output channels/, 'is 2.'],
    ['ghost', 32, 33, /^ghost: 1\/2 of 33 output channels/, 'are 3.'],
    ['ghost(ratio=4)', 32, 30, /^ghost: 1\/4 of 30 output channels/, '3 and 5'],
    ['sf(kernel=7)', 48, 96, /^sf: kernel 7 does not fit 48 -> 96 channels/, '6 and 8'],
  ])('%s, %i -> %i', (choice, from, to, message, nearest) => {
    const attempt = () => build(choice, from, to);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ remedy: expect.stringContaining(nearest) }));
  });

  it('inside a block too, with the place', () => {
    expect(() => buildAlone('meta-light(expand=grouped(groups=5))', [32, 6, 6])).toThrow(
      'grouped: channel1.conv (conv2d): 5 groups do not divide 32 input channels',
    );
    expect(() => buildAlone('meta-light(spatial=partial(divisor=3))', [32, 6, 6])).toThrow(
      'partial: 1/3 of 128 channels is not a whole number',
    );
  });
});
