import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listDefinitions } from '../../../blocks/lookup.js';
import { catalogueMarkdown } from '../../../docs/catalogue/markdown.js';
import { packageRoot } from '../../../harness/package/package-root.js';

const page = catalogueMarkdown();

describe('docs/catalogue.md', () => {
  it('is what the registry gives now; npm run docs:catalogue writes it', () => {
    expect(readFileSync(join(packageRoot(), 'docs', 'catalogue.md'), 'utf8')).toBe(page);
  });

  it.each(listDefinitions().map((definition) => [definition.id, definition] as const))(
    'has an entry for %s, with its options, its slots and a diagram',
    (id, { summary, paper, mergeable, options, slots, published }) => {
      const own = entryOf(id);
      expect(own).toContain(`\n${summary}\n`);
      expect(own).toContain(`Paper: ${paper}.`);
      if (published) expect(own).toContain(`(${published.source}).`);
      for (const name of [...Object.keys(options.shape), ...Object.keys(slots)])
        expect(own).toContain(`| \`${name}\` |`);
      expect(own.includes('Deploy form: mergeable')).toBe(mergeable);
      expect(own).toMatch(/```(mermaid\nflowchart|text\n)/);
    },
  );

  it.each([
    ['repso', 'mergeable, 6 convolutions become 1.'],
    ['refco', 'mergeable, 12 convolutions become 2.'],
    ['depthwise', 'no branches to merge.'],
    ['channelwise', 'no branches to merge; a batch norm that no convolution can take is left'],
  ])('says whether %s merges', (id, sentence) => {
    expect(entryOf(id)).toContain(`Deploy form: ${sentence}`);
  });

  it('has costs that are known by heart', () => {
    expect(page).toContain('| [`mobilenet-v2`](#mobilenet-v2) | 3,504,872 |');
    expect(page).toContain(
      '| [`pointwise`](#pointwise) | 16,896 | 16,640 | 12,845,056 | 12,845,056 | 64 of 64 | 1x1 |',
    );
  });
});

const entryOf = (id: string): string => {
  const [, entry = ''] = page.split(`\n### ${id}\n`);
  const [own = ''] = entry.split(/\n##/);
  return own;
};
