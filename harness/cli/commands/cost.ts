import type { z } from 'zod';
import { plural } from '../../../reports/text/words.js';
import type { CostKind } from '../../cost/kinds.js';
import type { Graph } from '../../graph/graph.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import type { costContract, costTableContract } from '../contracts/part.js';
import { EXIT } from '../exit-codes.js';
import {
  addFormOption,
  addSubjectOptions,
  buildSubjectFrom,
  type FormName,
  inForm,
  type SubjectOptions,
} from '../options/subject-options.js';
import { type Memories, parseMemories } from '../options/values.js';
import { grouped, kilobytes, percent, short } from '../views/format.js';
import { textTable } from '../views/table.js';

interface Options extends SubjectOptions {
  readonly form: FormName;
  readonly perOp?: true;
  readonly all?: true;
  readonly fits?: Memories;
  readonly json?: true;
}

type CostReport = z.infer<typeof costContract>;

export const costCommand: Register = (program, setExitCode) => {
  const command = program
    .command('cost')
    .summary('exact parameters, MACs and FLOPs')
    .description(
      'Counts the exact costs of a network, a block or an operator for one image, from shapes alone.',
    )
    .argument('[id]', 'operator, block or network, or the file of your own')
    .option('--all', 'every network, in both forms')
    .option('--per-op', 'also print one line per operation')
    .option(
      '--fits <sizes>',
      'exit with 1 unless activations and weights fit in int8, for example 320kB,1MB',
      parseMemories,
    )
    .option('--json', 'print JSON; see lightbench schema cost');
  addFormOption(addSubjectOptions(command), 'train')
    .addHelpText(
      'after',
      examples(
        'cost mobilenet-v2',
        'cost lightnet --block sandglass --set reduction=2 --per-op',
        'cost repso --input 64x28x28 --form deploy',
        'cost mobilenet-v2 --set width=0.35 --input 3x144x144 --form deploy --fits 320kB,2MB',
        'cost mobilenet-v3-small --form int8',
        'cost --all --json',
      ),
    )
    .action(async (id: string | undefined, options: Options) => {
      if (options.all) return printAll(options);
      if (id === undefined) return command.error('error: name an operator, block or network, or use --all');
      const report = await countOne(id, options);
      if (options.json) printJson(report);
      else printReport(report, options.perOp === true);
      if (report.fits && !(report.fits.activations && report.fits.weights)) setExitCode(EXIT.finding);
    });
};

type Counted = Omit<CostReport, 'peakMemory' | 'fits' | 'int8'>;

const countOne = async (id: string, options: Options): Promise<CostReport> => {
  const { counted, graph } = await count(id, options);
  const { peakMemory, weightBytes } = await import('../../cost/memory.js');
  const int8 = options.form === 'int8' ? await int8Costs(graph) : null;
  const peak = peakMemory(graph);
  return {
    ...counted,
    peakMemory: { ...peak, valuesDepthwiseInPlace: peakMemory(graph, 'in place').values },
    ...(options.fits === undefined
      ? {}
      : { fits: fitting(peak.values, int8?.weightBytes ?? weightBytes(graph), options.fits) }),
    ...(int8 === null ? {} : { int8 }),
  };
};

const count = async (
  id: string,
  options: Options,
): Promise<{ readonly counted: Counted; readonly graph: Graph }> => {
  const subject = await buildSubjectFrom(id, options);
  const { cost } = await import('../../cost/cost.js');
  const { graph } = inForm(subject, options.form);
  const { perOp, ...totals } = cost(graph);
  const counted = {
    id: subject.id,
    selection: subject.selection,
    form: options.form,
    input: [...subject.input],
    ...totals,
    perOp: perOp.map(({ path, kind, op, output, params, macs, flops }) => ({
      path,
      kind,
      op,
      output: [...output],
      params,
      macs,
      flops,
    })),
  };
  return { counted, graph };
};

const int8Costs = async (graph: Graph): Promise<NonNullable<CostReport['int8']>> => {
  const { floatOperations, int8WeightBytes } = await import('../../quantise/quantise.js');
  return { weightBytes: int8WeightBytes(graph, 'per-channel'), floatOperations: floatOperations(graph) };
};

/** In int8. */
const fitting = (activationBytes: number, weightBytes: number, memories: Memories): CostReport['fits'] => ({
  activations: activationBytes <= memories.activations,
  weights: weightBytes <= memories.weights,
  weightBytes,
});

const printAll = async (options: Options): Promise<void> => {
  const { listDefinitions } = await import('../../../blocks/lookup.js');
  const rows: z.infer<typeof costTableContract> = [];
  for (const { id } of listDefinitions('network')) {
    for (const form of ['train', 'deploy'] as const) {
      const { counted } = await count(id, { ...options, form });
      const { perOp: _perOp, byKind: _byKind, ...row } = counted;
      rows.push(row);
    }
  }
  if (options.json) return printJson(rows);
  printPainted(
    textTable(
      [
        { heading: 'network' },
        { heading: 'form' },
        { heading: 'params', align: 'right' },
        { heading: 'MACs', align: 'right' },
        { heading: 'FLOPs', align: 'right' },
      ],
      rows.map(({ id, form, params, macs, flops }) => [
        id,
        form,
        grouped(params),
        grouped(macs),
        grouped(flops),
      ]),
    ),
  );
};

const printReport = (report: CostReport, perOp: boolean): void => {
  const { selection, form, input, params, macs, flops, activationBytes, byKind } = report;
  printLine(`${selection}, ${form} form, input ${input.join('x')}`);
  printLine();
  printLine(`params       ${grouped(params)}`);
  printLine(`MACs         ${grouped(macs)} (${short(macs)})`);
  printLine(`FLOPs        ${grouped(flops)} (${short(flops)})`);
  printLine(`activations  ${grouped(activationBytes)} bytes written`);
  printMemory(report);
  printInt8(report);
  printLine();
  const kinds = Object.entries(byKind) as [CostKind, CostReport['byKind'][string]][];
  printPainted(
    textTable(
      [
        { heading: 'kind' },
        { heading: 'params', align: 'right' },
        { heading: 'share', align: 'right' },
        { heading: 'MACs', align: 'right' },
        { heading: 'share', align: 'right' },
      ],
      kinds.map(([kind, part]) => [
        kind,
        grouped(part.params),
        share(part.params, params),
        grouped(part.macs),
        share(part.macs, macs),
      ]),
    ),
  );
  if (perOp) printOperations(report);
};

const printMemory = ({ peakMemory, fits }: CostReport): void => {
  const { values, path, isLeast, valuesDepthwiseInPlace } = peakMemory;
  const least = isLeast ? '' : 'at most ';
  printLine(
    `memory       ${least}${grouped(values)} values at ${path}: ${kilobytes(values)} in int8, ${kilobytes(4 * values)} in float32`,
  );
  if (valuesDepthwiseInPlace < values) {
    printLine(
      `             ${kilobytes(valuesDepthwiseInPlace)} in int8 where depthwise convolutions work in place`,
    );
  }
  if (fits === undefined) return;
  printLine(
    `fits         activations ${kilobytes(values)}: ${fits.activations ? 'yes' : 'no'}; weights ${kilobytes(fits.weightBytes)}: ${fits.weights ? 'yes' : 'no'}`,
  );
};

const printInt8 = ({ int8 }: CostReport): void => {
  if (int8 === undefined) return;
  const { weightBytes, floatOperations } = int8;
  printLine(`weights      ${grouped(weightBytes)} bytes in int8, with a scale for each output channel`);
  const reasons = new Map<string, string[]>();
  for (const { op, path, reason } of floatOperations) {
    const key = `${op}: ${reason}`;
    reasons.set(key, [...(reasons.get(key) ?? []), path]);
  }
  printLine(
    `float32      ${floatOperations.length === 0 ? 'nothing' : plural(floatOperations.length, 'operation')}`,
  );
  for (const [reason, [first = '', ...others]] of reasons) {
    printLine(`             ${reason} (${first}${others.length === 0 ? '' : ` and ${others.length} more`})`);
  }
};

const printOperations = ({ perOp }: CostReport): void => {
  printLine();
  printPainted(
    textTable(
      [
        { heading: 'path' },
        { heading: 'op' },
        { heading: 'output' },
        { heading: 'params', align: 'right' },
        { heading: 'MACs', align: 'right' },
        { heading: 'FLOPs', align: 'right' },
      ],
      perOp.map(({ path, op, output, params, macs, flops }) => [
        path,
        op,
        output.join('x'),
        grouped(params),
        grouped(macs),
        grouped(flops),
      ]),
    ),
  );
};

const share = (part: number, whole: number): string => (whole === 0 ? '' : percent(part / whole));
