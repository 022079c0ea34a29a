/**
 * Keeps a run for readers: copies its records into a folder and writes README.md, the page and the figures beside them.
 *
 *   npm run docs:results -- runs/paper-channel docs/results/paper-channel "npx lightbench run paper/channel"
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyse } from '../harness/analysis/analyse.js';
import type { Int8Metric } from '../harness/analysis/metrics.js';
import { writeReport } from '../harness/cli/write-report.js';
import type { Chart } from '../reports/charts/chart.js';
import { CHART_SECTIONS } from '../reports/charts/registry.js';
import { renderSvg } from '../reports/charts/render.js';
import { summaryTable } from '../reports/summary-table.js';
import { type ReportInput, viewOf } from '../reports/view/view.js';
import { effectText } from '../reports/wording/effect-text.js';
import { resultsCsv } from '../results/csv/csv.js';
import { loadRun, RUN_FILES } from '../results/run/load-run.js';

const FIGURES: readonly Chart[] = [
  ...CHART_SECTIONS.accuracy,
  ...CHART_SECTIONS.verdicts,
  ...CHART_SECTIONS.factors,
  ...CHART_SECTIONS.int8,
];

const main = async ([from, to, command]: readonly string[]): Promise<void> => {
  if (from === undefined || to === undefined || command === undefined) {
    throw new Error('Name the folder of the run, the folder to write, and the command that made the run.');
  }
  const run = await loadRun(from);
  const input = { run, analysis: analyse(run) };
  await mkdir(to, { recursive: true });
  for (const file of Object.values(RUN_FILES)) await copyFile(join(from, file), join(to, file));
  await writeFile(join(to, 'results.csv'), resultsCsv(run));
  await writeReport([input], join(to, 'report.html'));
  await writeFile(join(to, 'README.md'), markdown(input, command, await drawFigures(input, to)));
};

interface Figure extends Pick<Chart, 'title' | 'caption'> {
  readonly file: string;
}

const drawFigures = async (input: ReportInput, folder: string): Promise<readonly Figure[]> => {
  const view = viewOf(input);
  const figures: Figure[] = [];
  for (const { id, title, caption, draw } of FIGURES) {
    const drawing = draw(view);
    if (drawing === null) continue;
    const file = `${id}.svg`;
    await writeFile(join(folder, file), standalone(await renderSvg(drawing)));
    figures.push({ file, title, caption });
  }
  return figures;
};

/** As a file of its own it names its namespace, and brings its own background. */
const standalone = (svg: string): string =>
  `${svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" style="background:white" ')}\n`;

const markdown = ({ run, analysis }: ReportInput, command: string, figures: readonly Figure[]): string => {
  const { plan, environment } = run;
  const { dataset, input, recipe, engine, tuning } = plan.conditions;
  const rate =
    tuning === undefined
      ? `learning rate ${String(recipe.learningRate)} for all`
      : `each candidate at that of the learning rates ${tuning.learningRates.join(', ')} which did best on validation`;
  return `# ${plan.title}

${plan.question}

\`${command}\`, begun ${environment.startedAt.slice(0, 10)} at commit ${environment.commit?.slice(0, 10) ?? 'unknown'}, on ${environment.cpu}, ${environment.cores} cores, Node.js
${environment.node}, ${engine.id} ${engine.version} on ${engine.device}. Data: ${dataset.id}, ${dataset.trainImages} training and ${dataset.testImages} test images as ${input.join(' x ')};
${String(recipe.epochs)} epochs, ${rate}. The answers hold for this data at this scale, and for no other.

\`\`\`
${summaryTable({ run, analysis, width: 118, colors: false })}
\`\`\`

The whole page is in [report.html](report.html), every trial in [results.csv](results.csv). This folder is the folder of the run:
\`npx lightbench report\` analyses it again.
${int8Pairs(analysis)}${figures.map(({ file, title, caption }) => `\n## ${title}\n\n${caption}\n\n![${title}](${file})\n`).join('')}`;
};

const INT8_TITLES: Record<Int8Metric, string> = {
  'top1-int8': 'top-1 in int8, points',
  'drop-int8': 'drop from float to int8, points',
  'latency-int8': 'latency in int8, %',
};

/** Every pair in int8 with its verdict; nothing where nothing was quantised. */
const int8Pairs = ({ int8 }: ReportInput['analysis']): string => {
  if (int8 === null) return '';
  const rows = int8.groups.flatMap(({ comparisons }) =>
    comparisons.map((one) => {
      const { value, interval } = effectText(one);
      const cells = [INT8_TITLES[one.metric], one.candidate, one.reference, `${value} ${interval ?? ''}`];
      return `| ${[...cells, one.verdict.state].join(' | ')} |`;
    }),
  );
  return `
## Every pair in int8

Intervals are corrected for all pairs of a metric. \`better\` and \`worse\` say what the candidate is.

| metric | candidate | against | difference | verdict |
|---|---|---|---|---|
${rows.join('\n')}
`;
};

await main(process.argv.slice(2));
