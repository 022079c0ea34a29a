import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { blaming } from '../../blocks/blame.js';
import { buildAlone } from '../../blocks/build.js';
import { loadPart } from '../../harness/run/plan/suite/load-part.js';
import { UserError } from '../../harness/user/user-error.js';
import { it } from '../support/folder.js';
import { refusalOf } from '../support/refusal.js';

const blockThat = (body: string): string => `import { defineBlock, z } from 'lightbench';

const helper = (value: { shape: readonly number[] }) => value.shape.map((size) => size.toFixed(1));

export default defineBlock({
  id: 'mine',
  summary: 'Mine.',
  paper: 'none',
  options: z.strictObject({}),
  build: (g, x, site) => {
    ${body}
    return x;
  },
});
`;

describe("an error in an author's build function", () => {
  it.for([
    ['a method that is none', 'g.convolve(x);', 11, 'g.convolve is not a function'],
    [
      'a property of nothing',
      'const y = undefined; y.shape;',
      11,
      "Cannot read properties of undefined (reading 'shape')",
    ],
    ['a helper', 'helper({ shape: undefined });', 3, "Cannot read properties of undefined (reading 'map')"],
    ['an Error', "throw new Error('Not today.');", 11, 'Not today'],
    [
      'a call into lightbench',
      'g.conv2d("conv", x);',
      11,
      "Cannot destructure property 'outChannels' of 'options' as it is undefined",
    ],
  ] as const)('is told with the part, file and line: %s', async ([, body, line, message], { folder }) => {
    const file = join(folder, 'my block (2).ts');
    writeFileSync(file, blockThat(body));
    const part = await loadPart(file);
    const text = await refusalOf(() => buildAlone(part, [4, 8, 8]));
    expect(text).toMatch(/^mine: its build function failed at /);
    expect(text).toContain(`my block (2).ts:${line}:`);
    expect(text).toContain(`: ${message}. Fix the part.`);
  });

  it('that is no Error is told as it is', async () => {
    const fail = () => {
      throw 'not today';
    };
    expect(await refusalOf(() => blaming('mine', fail))).toBe(
      "mine: its build function threw 'not today', which is not an Error. Throw an Error.",
    );
  });

  it('has the id of every part around it, each once', async () => {
    const fail = () => {
      throw new UserError('inner: no.', 'Do this.');
    };
    const nested = () => blaming('outer', () => blaming('inner', () => blaming('inner', fail)));
    expect(await refusalOf(nested)).toBe('outer: inner: no. Do this.');
  });
});

describe("an error in lightbench's own code", () => {
  it('stays what it is', () => {
    // No node has this id, which is a defect of whoever asks for it.
    const defect = Object.assign(new RangeError('The graph has no node 7.'), {
      stack: `RangeError: The graph has no node 7.\n    at nodeAt (${join(process.cwd(), 'harness/graph/graph.ts')}:30:3)`,
    });
    const fail = () => {
      throw defect;
    };
    expect(() => blaming('sf', fail)).toThrow(defect);
  });
});
