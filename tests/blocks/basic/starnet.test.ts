import { describe, expect, it } from 'vitest';
import { buildAlone } from '../../../blocks/build.js';
import { deployForm } from '../../../harness/rewrite/deploy.js';
import { differenceOfForms } from '../../support/forms.js';
import { learnable } from '../learnable.js';

const bn = (channels: number) => 2 * channels;

describe('a StarNet block', () => {
  it('has the parameters of five convolutions with bias and two norms', () => {
    const [c, h] = [24, 96];
    const depthwise = 49 * c + c;
    const expected = depthwise + bn(c) + 2 * (c * h + h) + h * c + c + bn(c) + depthwise;
    expect(learnable(buildAlone('starnet', [c, 8, 8]))).toBe(expected);
  });

  it('multiplies an activated and a plain projection of the same value', () => {
    const { nodes } = buildAlone('starnet', [24, 8, 8]);
    const star = nodes.find(({ op }) => op.kind === 'mul');
    expect(star?.inputs.map((id) => nodes[id]?.path)).toEqual(['left.act', 'right.conv']);
    expect(nodes.filter(({ op }) => op.kind === 'activation')).toHaveLength(1);
  });

  it('takes a stride on its first convolution, and then has no shortcut', () => {
    const { nodes, output } = buildAlone('starnet', [24, 8, 8], { stride: 2 });
    expect(output.shape).toEqual([24, 4, 4]);
    expect(nodes[1]).toMatchObject({ path: 'spatial.conv', shape: [24, 4, 4] });
    expect(nodes.map(({ op }) => op.kind)).not.toContain('add');
  });

  it('folds its norms into convolutions that have a bias already', () => {
    const block = buildAlone('starnet', [4, 6, 5]);
    const { graph } = deployForm(block);
    expect(graph.nodes.map(({ op }) => op.kind)).not.toContain('scale');
    expect(learnable(block) - learnable(graph)).toBe(2 * bn(4));
    expect(differenceOfForms(block, 1)).toBeLessThan(1e-6);
  });
});
