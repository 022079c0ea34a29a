import { describe, expect, it } from 'vitest';
import { pathWithin } from '../../../../harness/graph/build/path.js';
import { refusalOf } from '../../../support/refusal.js';

describe('a path', () => {
  it('is a name at the top, and joins it to what it lies within', () => {
    expect(pathWithin('', 'stem')).toBe('stem');
    expect(pathWithin('stage1.block', 0)).toBe('stage1.block.0');
    expect(pathWithin('stage1', 'conv-1.bn_2')).toBe('stage1.conv-1.bn_2');
  });

  it.each(['', 'a b', '.a', 'a.', 'a..b', 'a/b'])('is none of %j', async (name) => {
    expect(await refusalOf(() => pathWithin('', name))).toContain('is not a valid name.');
    expect(await refusalOf(() => pathWithin('stage1', name))).toContain('is not a valid name in stage1.');
  });
});
