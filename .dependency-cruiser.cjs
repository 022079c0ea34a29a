/** Imports point one way; see CONTRIBUTING.md. */
const forbid = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    forbid(
      'graph-knows-nothing',
      '^harness/graph/',
      '^(blocks|suites|results|reports|harness/(?!graph/|user-error))',
      'The graph stands alone.',
    ),
    forbid(
      'blocks-only-build-graphs',
      '^blocks/',
      '^(suites|results|reports|harness/(?!graph/|user-error))',
      'Blocks know the graph, no engine, no I/O.',
    ),
    forbid(
      'stats-are-pure',
      '^harness/stats/',
      '^(blocks|suites|results|reports|harness/(?!stats/|user-error))',
      'Numbers in, numbers out.',
    ),
    forbid(
      'analysis-sees-records',
      '^harness/analysis/',
      '^(blocks|suites|reports|harness/(?!stats/|analysis/|cost/|user-error))',
      'Analysis is a function of records.',
    ),
    forbid(
      'engines-see-graphs',
      '^harness/engines/',
      '^(blocks|suites|results|reports|harness/(cli|run|measure|stats))',
      'Engines know graphs and batches.',
    ),
    forbid(
      'reports-see-results',
      '^reports/',
      '^(suites|harness/(?!stats/|analysis/|cost/|graph/|regression/(comparison|bisection)|user-error)|blocks)',
      'Reports are functions of results.',
    ),
    forbid(
      'results-stand-alone',
      '^results/',
      '^(blocks|suites|reports|harness/(?!user-error))',
      'Records know no machinery.',
    ),
    forbid(
      'nothing-runs-on-comparisons',
      '^harness/(?!regression/|cli/)',
      '^harness/regression/',
      'Comparisons are made of what runs and code give.',
    ),
    forbid('suites-are-definitions', '^suites/', '^(results|reports)', 'Suites hold names and types only.'),
    forbid(
      'only-main-imports-cli',
      '^(?!harness/cli/)',
      '^harness/cli/',
      'Nothing builds on the command line.',
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
