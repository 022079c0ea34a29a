/** No link of the documentation leads nowhere. The site checks its own pages again when it is built. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recipeMarkdown } from '../../docs/recipe/markdown.js';

const FILES: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'benchmarks/README.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('api') && !name.startsWith('public'))
    .map((name) => join('docs', name)),
];

const withoutCode = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');

/** As GitHub and VitePress name a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

describe.each(FILES)('%s', (file) => {
  const text = withoutCode(readFileSync(file, 'utf8'));

  it('links to files and headings that exist', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)\s]+)/g)].map(([, target = '']) => target);
    const dead = targets.filter((target) => {
      const [path = '', anchor] = target.split('#');
      const linked = path === '' ? file : join(dirname(file), path);
      if (!existsSync(linked)) return true;
      return anchor !== undefined && linked.endsWith('.md') && !anchorsOf(linked).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('names files of docs that exist', () => {
    const named = [...text.matchAll(/\bdocs\/[\w./-]+\.md\b/g)].map(([name]) => name);
    expect(named.filter((name) => !existsSync(name))).toEqual([]);
  });
});

it('the first page of the site names pages that exist', () => {
  const links = [...readFileSync('docs/index.md', 'utf8').matchAll(/link: \/([\w-]+)/g)].map(
    ([, page = '']) => page,
  );
  expect(links.length).toBeGreaterThan(2);
  expect(links.filter((page) => !existsSync(`docs/${page}.md`))).toEqual([]);
});

it('the reference of the recipe is what its schema says', () => {
  expect(readFileSync('docs/recipe.md', 'utf8'), 'Run npm run docs:recipe.').toBe(recipeMarkdown());
});
