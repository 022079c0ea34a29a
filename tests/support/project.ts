/** A user's project: a block in a file, and a suite in another that compares it with a registered one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ProjectChanges {
  /** Side of the depthwise kernel. */
  readonly kernel?: number;
  /** Added to the hidden width. */
  readonly moreChannels?: number;
  /** Keeps the two projections from being merged: an activation after one of them. */
  readonly unmergeable?: boolean;
  /** Name of the first convolution's scope. */
  readonly expand?: string;
  readonly candidates?: string;
  readonly budget?: string;
  readonly batch?: number;
  readonly sessions?: number;
  readonly rounds?: number;
  readonly dataset?: string;
  /** Where its files are, as the suite says it. */
  readonly path?: string;
  /** Of the images, in pixels. */
  readonly size?: number;
  readonly epochs?: number;
  readonly seeds?: number;
}

/** Writes the project into a folder below `parent`; the file of its suite. */
export const writeProject = (parent: string, name: string, changes: ProjectChanges = {}): string => {
  const { kernel = 3, moreChannels = 0, unmergeable = false, expand = 'expand' } = changes;
  const { candidates = MINE_AND_REPSO, budget = '', batch = 1, sessions = 4, rounds = 24 } = changes;
  const { dataset = 'synthetic', path, size = 12, epochs = 1, seeds = 2 } = changes;
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'my-block.ts'),
    `import { convBn, convBnAct, defineBlock, z } from 'lightbench';
export default defineBlock({
  id: 'my-block', summary: 'Two projections.', paper: 'none',
  options: z.strictObject({ expansion: z.number().default(2).describe('Hidden width over input width.') }),
  build: (g, x, { outChannels, stride, activation }, { expansion }) => {
    const hidden = Math.round(expansion * x.shape[0]) + ${moreChannels};
    const wide = convBnAct(g.scope('${expand}'), x, { outChannels: hidden, kernel: 1 }, activation);
    const mixed = convBnAct(g.scope('spatial'), wide, { outChannels: hidden, kernel: ${kernel}, stride, groups: hidden }, activation);
    const first = convBn(g.scope('project1'), mixed, { outChannels, kernel: 1 });
    const second = convBn(g.scope('project2'), mixed, { outChannels, kernel: 1 });
    return g.add('sum', ${unmergeable ? "g.activation('act', first, activation)" : 'first'}, second);
  },
});
`,
  );
  const suite = join(folder, 'suite.ts');
  writeFileSync(
    suite,
    `import { defineSuite } from 'lightbench';
import block from './my-block';
export default defineSuite({
  id: 'mine', title: 'Mine', question: 'Is mine good?',
  skeleton: { preset: 'small', depths: [1, 1], widths: [8, 16], headWidth: 16 },
  data: { dataset: '${dataset}', ${path === undefined ? '' : `path: '${path}', `}size: ${size} },
  recipe: { epochs: ${epochs}, batch: 32, learningRate: 0.1 },
  seeds: ${seeds}, ${budget}
  latency: { sessions: ${sessions}, rounds: ${rounds}, batch: ${batch} },
  candidates: [${candidates}],
});
`,
  );
  return suite;
};

const MINE_AND_REPSO = `{ name: 'mine/two', block, knob: { option: 'expansion', values: [1, 2, 3, 4] } },
    { name: 'repso', block: 'meta-light(spatial=repso,expansion=2)' }`;
