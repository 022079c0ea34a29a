import { parse as parseLatex } from '@unified-latex/unified-latex-util-parse';
import { parse as parseCsv } from 'csv-parse/sync';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { type ColumnId, DEFAULT_COLUMNS, TABLE_COLUMNS } from '../../../reports/result-table/columns.js';
import { TABLE_FORMATS } from '../../../reports/result-table/formats.js';
import { latexText } from '../../../reports/result-table/latex.js';
import { resultTable } from '../../../reports/result-table/result-table.js';
import { plainText } from '../../../reports/text/text.js';
import { viewOf } from '../../../reports/view/view.js';
import { analysisFixture } from '../../support/analysis-fixture.js';
import { HOSTILE, withHostileNames } from '../../support/hostile-names.js';
import { runFixture } from '../../support/run-fixture.js';

const { run } = runFixture({ epochs: 3, change: withHostileNames });
const VIEW = viewOf({ run, analysis: analysisFixture(run) });
const ALL = Object.keys(TABLE_COLUMNS) as ColumnId[];
const TABLE = resultTable(VIEW, ALL);
const NAMES = VIEW.candidates.map(({ name }) => name);

const decoded = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));

it('the run of these tests has every hostile name', () => {
  expect(NAMES.toSorted()).toEqual(HOSTILE.map(plainText).toSorted());
});

describe('LaTeX', () => {
  const latex = TABLE_FORMATS.latex(TABLE);

  it('has a row per candidate with as many cells as columns, and the names as text', () => {
    const body = latex.slice(latex.indexOf('\\midrule'), latex.indexOf('\\bottomrule'));
    const rows = body.split('\\\\\n').filter((line) => / & /.test(line));
    expect(rows).toHaveLength(NAMES.length);
    for (const row of rows) expect(row.split(/(?<!\\)&/)).toHaveLength(ALL.length);
    expect(
      rows.map((row) => textOf(row.replace('\\midrule', '').split(/(?<!\\)&/)[0] ?? '')).toSorted(),
    ).toEqual(NAMES.toSorted());
  });

  it('has no command but those of a table', () => {
    const macros = new Set([...latex.matchAll(/\\([a-z]+)/gi)].map(([, name]) => name ?? ''));
    const known = ['begin', 'end', 'centering', 'caption', 'label', 'toprule', 'midrule', 'bottomrule'];
    const texts = ['multicolumn', 'emph', 'textbf', 'usepackage', 'dots', ...Object.keys(CHARACTERS)];
    expect([...macros].filter((name) => ![...known, ...texts].includes(name))).toEqual([]);
  });

  it('says which engine it needs where names are not in Latin letters', () => {
    expect(latex).toContain('% Some names are not in Latin letters');
    const plain = runFixture({ epochs: 3 }).run;
    const table = resultTable(viewOf({ run: plain, analysis: analysisFixture(plain) }), DEFAULT_COLUMNS);
    expect(TABLE_FORMATS.latex(table)).not.toContain('Latin');
  });

  it.each([...HOSTILE, 'a--b---c', '^~_', "'quoted' ``", '% not a comment'])('reads %j back', (name) => {
    expect(textOf(latexText(name))).toBe(plainText(name));
  });
});

describe('Markdown', () => {
  it('has a row per candidate, no cell more, and no markup in names', () => {
    const lines = TABLE_FORMATS.md(TABLE).split('\n');
    const rows = lines.filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.split('|')).toHaveLength(ALL.length + 2);
    const names = rows.map((row) => decoded(row.split('|')[1] ?? '').trim());
    for (const name of NAMES) expect(names).toContain(name);
    expect(lines.join('\n')).not.toMatch(/<img|@team|`b`|\$x/);
  });
});

describe('CSV', () => {
  it('holds numbers as they are, and no formula', () => {
    const rows: Record<string, string>[] = parseCsv(TABLE_FORMATS.csv(TABLE), { columns: true });
    expect(rows.map(({ candidate }) => candidate?.replace(/^'(?==)/, '')).toSorted()).toEqual(
      NAMES.toSorted(),
    );
    expect(TABLE_FORMATS.csv(TABLE)).not.toMatch(/(^|,)"?[=@]/m);
    const [first] = VIEW.candidates;
    expect(Number(rows[0]?.top1_percent)).toBe(100 * (first?.top1?.value ?? Number.NaN));
    expect(Number(rows[0]?.top1_percent_low)).toBe(100 * (first?.top1?.interval?.[0] ?? Number.NaN));
  });
});

describe('HTML', () => {
  it('is one table, in which names are text', () => {
    const markup = TABLE_FORMATS.html(TABLE);
    const { table } = new XMLParser({ ignoreAttributes: false }).parse(markup);
    expect(table.caption).toMatch(/mnist/);
    expect(markup).not.toMatch(/<(img|script)/);
    expect(markup.match(/<th scope="row">/g)).toHaveLength(NAMES.length);
  });
});

describe('the caption', () => {
  it('states data, seeds and method, of what the table shows', () => {
    expect(TABLE.caption).toMatch(/mnist, 54000 training images and 1000 test images as 1x32x32, 3 epochs/);
    expect(TABLE.caption).toMatch(/\d seeds.*95 % interval.*onnxruntime 1\.30\.0.*rank/);
    expect(resultTable(VIEW, ['candidate', 'params']).caption).not.toMatch(/Top-1|Latency|rank/);
  });
});

const CHARACTERS: Readonly<Record<string, string>> = {
  textbackslash: '\\',
  textasciicircum: '^',
  textasciitilde: '~',
  textless: '<',
  textgreater: '>',
  textbar: '|',
  textquotedbl: '"',
};

/** What a reader of the typeset text sees. */
const textOf = (latex: string): string => nodesText(parseLatex(latex).content).trim();

type Node = ReturnType<typeof parseLatex>['content'][number];

const nodesText = (nodes: readonly Node[]): string => nodes.map(nodeText).join('');

const nodeText = (node: Node): string => {
  switch (node.type) {
    case 'string':
      return node.content;
    case 'whitespace':
      return ' ';
    case 'group':
      return nodesText(node.content);
    case 'macro':
      return (
        CHARACTERS[node.content] ?? (/^[{}#$%&_]$/.test(node.content) ? node.content : `\\${node.content}`)
      );
    default:
      return `<${node.type}>`;
  }
};
