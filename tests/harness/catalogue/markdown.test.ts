import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listDefinitions } from '../../../blocks/lookup.js';
import { catalogueMarkdown } from '../../../harness/catalogue/markdown.js';
import { packageRoot } from '../../../harness/package-root.js';

const page = catalogueMarkdown();

describe('docs/catalogue.md', () => {
  it('is what the registry gives now; npm run docs:catalogue writes it', () => {
    expect(readFileSync(join(packageRoot(), 'docs', 'catalogue.md'), 'utf8')).toBe(page);
  });

  it.each(listDefinitions().map((definition) => [definition.id, definition] as const))(
    'has an entry for %s, with its options, its slots and a diagram',
    (id, { summary, paper, options, slots }) => {
      const [, entry = ''] = page.split(`\n### ${id}\n`);
      const [own = ''] = entry.split(/\n##/);
      expect(own).toContain(summary.replaceAll('|', '\\|'));
      expect(own).toContain(`Paper: ${paper}.`);
      for (const name of [...Object.keys(options.shape), ...Object.keys(slots)])
        expect(own).toContain(`| \`${name}\` |`);
      expect(own).toMatch(/```(mermaid\nflowchart|text\n)/);
    },
  );
});
