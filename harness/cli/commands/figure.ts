import { Option } from 'commander';
import type { Chart } from '../../../reports/charts/chart.js';
import { FIGURE_FORMATS, type FigureFile } from '../../../reports/figure/formats.js';
import type { Length } from '../../../reports/figure/length.js';
import { THEMES, type Theme } from '../../../reports/figure/theme.js';
import type { ReportView } from '../../../reports/view/view.js';
import { didYouMean } from '../../user/did-you-mean.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import { ENDINGS, figureFormatOf } from '../options/figure-format.js';
import { parseLength } from '../options/values.js';
import { textTable } from '../views/table.js';
import { writeOutput } from '../write-output.js';

interface Options {
  readonly out?: string;
  readonly width?: Length;
  readonly font?: string;
  readonly theme: Theme;
  readonly json?: true;
}

export const figureCommand: Register = (program) => {
  program
    .command('figure')
    .summary('a chart of a run as a file: SVG, PDF, PNG or Vega-Lite')
    .description(
      'Writes one chart of a run for a paper or a slide. The ending of the file decides the format. A figure keeps its proportions: all of it grows with its width, the text too.',
    )
    .argument('<run-dir>', 'the folder of a run, finished or not')
    .argument('[chart]', 'the id of a chart (default: list the charts of this run)')
    .option('--out <file>', `where to write; ends with ${ENDINGS}`)
    .option(
      '--width <length>',
      'on paper, for example 3.25in, 82mm or 400px (PNG: at 300 dots an inch)',
      parseLength,
    )
    .option(
      '--font <name>',
      'a font of this machine, or for SVG and Vega-Lite of the reader; for example "Times New Roman"',
    )
    .addOption(
      new Option('--theme <theme>', 'light and dark have a background, print has none and black text')
        .choices(THEMES)
        .default('light'),
    )
    .option('--json', 'print JSON; see lightbench schema figure')
    .addHelpText(
      'after',
      examples(
        'figure runs/three accuracy-params --out accuracy.pdf --width 3.25in --font Times --theme print',
        'figure runs/three verdict-matrix --out verdicts.svg',
        'figure runs/three loss-curves --out loss.vl.json',
      ),
    )
    .action(async (directory: string, name: string | undefined, options: Options) => {
      const { loadRun } = await import('../../../results/run/load-run.js');
      const { analyse } = await import('../../analysis/analyse.js');
      const { viewOf } = await import('../../../reports/view/view.js');
      const { CHARTS } = await import('../../../reports/charts/registry.js');
      const run = await loadRun(directory);
      const view = viewOf({ run, analysis: analyse(run) });
      if (name === undefined)
        return list(
          CHARTS.filter((chart) => chart.draw(view) !== null),
          options,
        );
      await write(chartOf(CHARTS, name), view, options);
    });
};

const list = (charts: readonly Chart[], { json }: Options): void => {
  const rows = charts.map(({ id, title, caption }) => ({ id, title, caption }));
  if (json) printJson(rows);
  else
    printPainted(
      textTable(
        [{ heading: 'chart' }, { heading: '' }],
        rows.map(({ id, title }) => [id, title]),
      ),
    );
};

const write = async (
  chart: Chart,
  view: ReportView,
  { out, width, font, theme, json }: Options,
): Promise<void> => {
  if (out === undefined) throw new UserError('No file is named.', 'Add --out, for example --out figure.pdf.');
  const format = figureFormatOf(out);
  if (format === 'vl.json' && width !== undefined) {
    throw new UserError(
      'A Vega-Lite spec has no width on paper.',
      'Omit --width, or write .svg, .png or .pdf.',
    );
  }
  const drawing = chart.draw(view);
  if (drawing === null) {
    throw new UserError(
      `This run holds nothing for the chart ${chart.id}.`,
      'Omit the chart to list those that it has something for.',
    );
  }
  if (font !== undefined && (format === 'png' || format === 'pdf')) await requireFont(font);
  const { figureSpec } = await import('../../../reports/figure/spec.js');
  const spec = figureSpec(drawing, { theme, font: font ?? null });
  const file = await FIGURE_FORMATS[format](spec, width ?? null);
  await writeOutput(out, file.content);
  if (json) printJson({ chart: chart.id, file: out, format, theme, ...sizeOf(file) });
  else printLine(`figure   ${out}${sizeText(file)}`);
};

const chartOf = (charts: readonly Chart[], name: string): Chart => {
  const chart = charts.find(({ id }) => id === name);
  if (chart !== undefined) return chart;
  const ids = charts.map(({ id }) => id);
  throw new UserError(`Unknown chart "${name}".`, didYouMean(name, ids, `Charts: ${ids.join(', ')}.`));
};

/** A font that is missing would be replaced without a word. */
const requireFont = async (font: string): Promise<void> => {
  const { GlobalFonts } = await import('@napi-rs/canvas');
  const { familiesOf } = await import('../../../reports/figure/fonts.js');
  if (familiesOf(font).some((name) => GlobalFonts.has(name))) return;
  const families = [...new Set(GlobalFonts.families.map(({ family }) => family))].toSorted();
  throw new UserError(
    `The font ${font} is not installed on this machine.`,
    didYouMean(
      font,
      families,
      `Installed: ${families.slice(0, 20).join(', ')}${families.length > 20 ? ' and others' : ''}. Or write .svg, whose reader chooses the font.`,
    ),
  );
};

const sizeOf = ({ size }: FigureFile) => ({
  widthInches: size?.widthInches ?? null,
  heightInches: size?.heightInches ?? null,
  smallestTextPoints: size?.textPoints ?? null,
});

const sizeText = ({ size }: FigureFile): string =>
  size === null
    ? ''
    : `, ${size.widthInches.toFixed(2)} x ${size.heightInches.toFixed(2)} in, smallest text ${size.textPoints.toFixed(1)} pt`;
