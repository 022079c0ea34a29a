/**
 * Imports point one way: every folder, and what it may import beside itself and the pure leaves. A folder that is not listed
 * here fails. `graph` stands for `harness/graph`. A room of `results` or `reports` obeys the row of all of it, and its own.
 */
/** Pure ones, which everything may import. */
const PURE_LEAVES = ['user'];

const LEAVES = ['files', 'package', 'process', 'random'];

/** What the page says of one matter knows nothing of the others. */
const OF_A_SECTION = [
  'results',
  'analysis',
  'reports/text',
  'reports/view',
  'reports/wording',
  'reports/page/html',
];

const MAY_IMPORT = {
  user: [],
  process: [],
  package: [],
  random: [],
  files: ['process'],
  blocks: ['graph'],
  suites: ['blocks', 'recipe', 'data/images/fit'],
  results: ['cost/kinds', 'files/system-error', 'files/regular-file'],
  'results/training': [],
  'results/measurement': ['results/training/phases'],
  'results/plan': ['results/training', 'results/journal/checksum', 'results/parse'],
  'results/run': [
    ...['results/training', 'results/measurement', 'results/plan', 'results/journal', 'results/model'],
    ...['results/profile', 'results/parse', 'files/system-error', 'files/regular-file'],
  ],
  graph: [],
  recipe: [],
  stats: ['random'],
  cost: ['graph'],
  quantise: ['graph', 'results'],
  describe: ['blocks', 'graph', 'cost', 'rewrite'],
  import: ['blocks', 'graph', 'cost', 'rewrite', 'engines', 'weights', ...LEAVES],
  data: ['graph', 'recipe', ...LEAVES],
  weights: ['graph', 'results', ...LEAVES],
  engines: ['graph', 'recipe', 'data', 'quantise', ...LEAVES],
  rewrite: ['graph', 'engines', 'random'],
  train: ['graph', 'recipe', 'data', 'engines', 'rewrite', 'quantise', 'results', ...LEAVES],
  verify: ['graph', 'recipe', 'data', 'engines', 'rewrite', 'train', ...LEAVES],
  measure: [
    ...['graph', 'cost', 'recipe', 'engines', 'rewrite', 'quantise', 'train', 'stats', 'results', ...LEAVES],
  ],
  browser: ['measure', 'results', ...LEAVES],
  analysis: ['stats', 'results', 'blocks/choice', 'blocks/part'],
  'run/folder': ['results', 'graph', 'train', ...LEAVES],
  'run/plan': [
    ...[
      'blocks',
      'suites',
      'results',
      'graph',
      'import',
      'recipe',
      'cost',
      'data',
      'engines',
      'rewrite',
      'quantise',
      'measure',
      'stats',
    ],
    ...['analysis', 'weights', 'run/folder', ...LEAVES],
  ],
  'run/worker': [
    ...[
      'results',
      'graph',
      'recipe',
      'cost',
      'data',
      'engines',
      'rewrite',
      'quantise',
      'train',
      'measure',
      'stats',
    ],
    ...['browser', 'weights', 'run/folder', 'run/plan', ...LEAVES],
  ],
  fleet: [
    ...[
      'results',
      'graph',
      'recipe',
      'measure',
      'weights',
      'run/cache',
      'run/folder',
      'run/plan',
      'run/status/events',
      'run/worker',
      ...LEAVES,
    ],
  ],
  'run/cache': ['results', 'recipe', 'measure/machine/names', 'weights', 'run/plan', ...LEAVES],
  'run/status': ['results', 'analysis/caution', 'run/folder', ...LEAVES],
  'run/trainings': [
    ...['results', 'measure', 'weights', 'analysis', 'run/cache', 'run/folder', 'run/plan', 'run/status'],
    ...['run/worker', 'run/retries', 'run/run-options', ...LEAVES],
  ],
  run: [
    'results',
    'graph',
    'data',
    'browser',
    'fleet',
    'engines',
    'measure',
    'rewrite',
    'train',
    'weights',
    'run/folder',
    'run/plan',
    'run/status',
    'run/trainings',
    'run/worker',
    ...LEAVES,
  ],
  'regression/snapshot': [
    ...['blocks', 'suites', 'results', 'graph', 'cost', 'data', 'engines', 'rewrite', 'train', 'measure'],
    ...['run/folder', 'run/plan', ...LEAVES],
  ],
  'regression/compare': [
    ...[
      'results',
      'engines',
      'measure',
      'stats',
      'analysis',
      'run/plan',
      'run/worker',
      'regression/snapshot',
    ],
    ...LEAVES,
  ],
  'regression/bisect': ['regression/snapshot', 'regression/compare', ...LEAVES],
  reports: [
    'package/package-root',
    'files/system-error',
    'results',
    'analysis',
    'stats',
    'cost',
    'regression/compare/comparison',
    'regression/bisect/bisection',
  ],
  'reports/text': ['analysis'],
  'reports/wording': ['results', 'analysis', 'reports/text', 'reports/view/comparisons'],
  'reports/view': [
    ...['results', 'analysis', 'reports/palette', 'reports/text', 'reports/wording/devices'],
    ...['reports/charts/frame', 'reports/charts/text-width'],
  ],
  'reports/page/html': ['analysis', 'reports/charts', 'reports/palette', 'reports/text', 'reports/view'],
  'reports/page/answer': [...OF_A_SECTION, 'reports/page/verdicts/claims'],
  'reports/page/verdicts': OF_A_SECTION,
  'reports/page/networks': OF_A_SECTION,
  'reports/page/run': OF_A_SECTION,
};

const TOP_LEVEL = ['blocks', 'suites', 'results', 'reports'];

const pathOf = (name) => `^${TOP_LEVEL.includes(name.split('/')[0]) ? '' : 'harness/'}${name}(/|[.]ts$)`;

/** `run` is the folder itself without its rooms, which have rows of their own. */
const ownPathOf = (name) => (name === 'run' ? '^harness/run/[^/]+[.]ts$' : pathOf(name));

const onlyImports = ([name, allowed]) => ({
  name: `${name.replaceAll('/', '-')}-imports`,
  severity: 'error',
  comment: `${name} may import ${allowed.join(', ') || 'nothing of the project'}.`,
  from: { path: ownPathOf(name) },
  to: {
    path: `^(blocks|suites|results|reports|harness|docs|index[.]ts)`,
    pathNot: [ownPathOf(name), ...[...PURE_LEAVES, ...allowed].map(pathOf)],
  },
});

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(MAY_IMPORT).map(onlyImports),
    {
      name: 'every-folder-has-a-rule',
      severity: 'error',
      comment: 'Add the folder to MAY_IMPORT.',
      from: {
        path: '^(blocks|suites|results|reports|harness)/',
        pathNot: ['^harness/cli/', ...Object.keys(MAY_IMPORT).map(ownPathOf)],
      },
      to: {},
    },
    {
      name: 'one-way-to-the-native-library',
      severity: 'error',
      comment: 'Import harness/engines/onnx/native.ts, which turns its telemetry off before it is loaded.',
      from: { pathNot: '^harness/engines/onnx/native[.]ts$' },
      to: { path: 'node_modules/onnxruntime-node/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-main-imports-cli',
      severity: 'error',
      comment: 'Nothing builds on the command line.',
      from: { path: '^(?!harness/cli/)' },
      to: { path: '^harness/cli/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
