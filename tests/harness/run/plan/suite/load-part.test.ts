import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { buildAlone } from '../../../../../blocks/build.js';
import { loadPart } from '../../../../../harness/run/plan/suite/load-part.js';
import { it } from '../../../../support/folder.js';
import { refusalOf } from '../../../../support/refusal.js';

const OPERATOR = `import { defineSpatialOperator, z } from 'lightbench';
export default defineSpatialOperator({
  id: 'blur',
  summary: 'Average of a window.',
  paper: 'none',
  options: z.strictObject({ size: z.int().min(1).default(3).describe('Side of the window.') }),
  build: (g, x, { stride }, { size }) => g.avgPool('pool', x, { kernel: size, stride, padding: (size - 1) / 2 }),
});
`;

describe("a part of one's own", () => {
  it('comes from the default export of a file, and can be built', async ({ folder }) => {
    const file = join(folder, 'blur.ts');
    writeFileSync(file, OPERATOR);
    const part = await loadPart(file);
    expect(part).toMatchObject({ id: 'blur', kind: 'spatial' });
    expect(buildAlone({ id: part, set: { size: 5 } }, [2, 8, 8]).nodes.at(-1)?.op).toMatchObject({
      kernel: [5, 5],
    });
  });

  it('is refused where the file exports something else, or is not there', async ({ folder }) => {
    const file = join(folder, 'number.ts');
    writeFileSync(file, 'export default 7;');
    expect(await refusalOf(() => loadPart(file))).toBe(
      `The default export of ${file} is not a part. ` +
        'Export what defineSpatialOperator, defineChannelOperator, defineBlock or defineNetwork returns.',
    );
    expect(await refusalOf(() => loadPart(join(folder, 'none.ts')))).toMatch(
      /none\.ts cannot be read: no such file/,
    );
  });
});
