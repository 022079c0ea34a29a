/** Injected changes of costs: what the comparison calls them, and the operation that it names first. */
import { compareWithBaseline } from '../../harness/regression/compare/compare.js';
import { operationTexts } from '../../reports/compare/cost-text.js';
import { type ProjectChanges, writeProject } from '../../tests/support/project.js';

const INJECTED: Readonly<Record<string, ProjectChanges>> = {
  nothing: {},
  'one channel more in a block': { moreChannels: 1 },
  'kernel 3 to 5': { kernel: 5 },
  'a lost merge': { unmergeable: true },
};

/** The projects are written into `folder`. */
export const costFindings = async (folder: string) => {
  const before = writeProject(folder, 'before');
  const findings = [];
  for (const [injected, changes] of Object.entries(INJECTED)) {
    const start = performance.now();
    const after = writeProject(folder, injected, changes);
    const { state, regressions, costs } = await compareWithBaseline(before, after, { only: ['costs'] });
    const [entry] = costs?.entries ?? [];
    const deploy = entry?.operations?.filter(({ form }) => form === 'deploy') ?? [];
    findings.push({
      injected,
      state,
      entry: regressions.map(({ name }) => name).join(', '),
      cause: entry?.unmerged.length
        ? `${entry.unmerged.length} kept: ${entry.unmerged[0]}`
        : operationTexts(deploy)[0],
      seconds: ((performance.now() - start) / 1000).toFixed(1),
    });
  }
  return findings;
};
