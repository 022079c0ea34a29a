import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COLUMNS } from '../../results/csv/csv-columns.js';

const readme = readFileSync('README.md', 'utf8');

describe('README', () => {
  it.each(COLUMNS.map((column) => [column.name, column] as const))(
    'defines the column %s',
    (_name, { name, unit, definition }) => {
      expect(readme).toContain(`| \`${name}\` | ${unit} | ${definition} |\n`);
    },
  );

  it('shows the example block as it is', () => {
    expect(readme).toContain(readFileSync('docs/examples/my-block.ts', 'utf8'));
  });

  it('links to files that exist', () => {
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target ?? '');
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((target) => !existsSync(target))).toEqual([]);
  });
});
