import { describe, expect, it } from 'vitest';
import { onnxCost } from '../../../../harness/cost/onnx-cost.js';
import { profiledSession } from '../../../../harness/engines/onnx/profiled-session.js';
import { peakModels } from '../../../../harness/measure/profile/reference-models.js';

const models = peakModels();

describe('what the peak is measured by', () => {
  it('is made of products of matrices, and of convolutions that have a layout of their own in networks', async () => {
    const operators = new Set<string>();
    for (const { model, feeds, macs } of models) {
      const session = await profiledSession(model, feeds, 1);
      await session.run();
      const multiplying = (await session.end()).filter(({ operator }) => /^(Conv|MatMul)$/.test(operator));
      expect(multiplying).toHaveLength(macs.length);
      for (const { operator } of multiplying) operators.add(operator);
    }
    expect(operators).toEqual(new Set(['MatMul', 'Conv']));
  });

  it('counts the multiply-accumulates that its convolutions have', () => {
    const convolutions = models.filter(({ macs }) => macs.length > 1);
    expect(convolutions.length).toBeGreaterThan(2);
    for (const { model, macs } of convolutions) {
      expect(macs.reduce((sum, one) => sum + one, 0)).toBe(onnxCost(model).macs);
    }
  });
});
