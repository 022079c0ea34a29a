/** Which page of the documentation is about a command; the others are in README. */
const GUIDES: Readonly<Record<string, string>> = {
  init: 'docs/your-own-block.md',
  run: 'docs/suites.md',
  status: 'docs/long-runs.md',
  cache: 'docs/long-runs.md',
  worker: 'docs/many-machines.md',
  report: 'docs/method.md',
  explain: 'docs/method.md',
  figure: 'docs/figures.md',
  table: 'docs/figures.md',
  list: 'docs/catalogue.md',
  cost: 'docs/your-own-block.md',
  profile: 'docs/roofline.md',
  range: 'docs/your-own-block.md',
  baseline: 'docs/regressions.md',
  compare: 'docs/regressions.md',
  bisect: 'docs/regressions.md',
  history: 'docs/history.md',
  data: 'docs/suites.md',
};

/** Relative to the folder of the package. */
export const guideOf = (command: string): string => GUIDES[command] ?? 'README.md';
