/** What docs/your-own-block.md says of the builder is what the builder has. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GraphBuilder } from '../../harness/graph/build/builder.js';
import { ACTIVATIONS } from '../../harness/graph/operations/ops.js';

const page = readFileSync('docs/your-own-block.md', 'utf8');
const operations = page.slice(page.indexOf('## Operations'), page.indexOf('### From PyTorch'));

/** What a block needs none of: it begins, ends and inspects graphs. */
const NOT_FOR_BLOCKS = ['constructor', 'block', 'input', 'holds', 'finish', 'append', 'map', 'pathOf'];

it('every operation of the builder is in the table, and every activation', () => {
  const methods = Object.getOwnPropertyNames(GraphBuilder.prototype).filter(
    (name) => !NOT_FOR_BLOCKS.includes(name),
  );
  expect(methods.length).toBeGreaterThan(12);
  expect(methods.filter((name) => !operations.includes(`\`${name}(`))).toEqual([]);
  expect(ACTIVATIONS.filter((name) => !operations.includes(`\`${name}\``))).toEqual([]);
});

it('the table from PyTorch names operations that there are', () => {
  const used = [...page.matchAll(/\bg\.(\w+)/g)].map(([, name = '']) => name);
  expect(used.filter((name) => !(name in GraphBuilder.prototype))).toEqual([]);
});
