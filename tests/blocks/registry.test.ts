import { describe, expect, it } from 'vitest';
import { findDefinition, KIND_NAMES, listDefinitions } from '../../blocks/lookup.js';
import { describeOptions } from '../../blocks/options.js';
import type { PartKind } from '../../blocks/part.js';
import { REGISTRY } from '../../blocks/registry.js';

const KINDS = Object.keys(KIND_NAMES) as PartKind[];

describe('the registry', () => {
  it('has every id once', () => {
    const ids = listDefinitions().map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it.each(KINDS)('lists every %s under its own kind', (kind) => {
    expect(listDefinitions(kind)).toBe(REGISTRY[kind]);
    expect(new Set(REGISTRY[kind].map((definition) => definition.kind))).toEqual(new Set([kind]));
  });

  it.each(listDefinitions().map((definition) => [definition.id, definition] as const))(
    '%s says what it is, where it comes from, and what its options and slots do',
    (id, definition) => {
      expect(findDefinition(id)).toBe(definition);
      expect(definition.summary).toMatch(/\.$/);
      expect(definition.paper).toMatch(/arXiv:\d{4}\.\d{4,5}|github\.com/);
      for (const option of describeOptions(definition.options))
        expect(option.summary, option.name).toMatch(/\.$/);
      for (const [name, slot] of Object.entries(definition.slots)) {
        expect(slot.summary, name).toMatch(/\.$/);
        expect(findDefinition(slot.default).kind).toBe(slot.kind);
      }
    },
  );

  it('names what was meant, or where all parts are listed, where an id is unknown', () => {
    expect(() => findDefinition('depthwse')).toThrow(
      expect.objectContaining({ remedy: 'Did you mean depthwise?' }),
    );
    expect(() => findDefinition('resnet50')).toThrow(
      expect.objectContaining({ remedy: 'lightbench list shows all parts.' }),
    );
  });
});
