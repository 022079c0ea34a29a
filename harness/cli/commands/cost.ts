import type { z } from 'zod';
import type { CostKind } from '../../cost/cost.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import type { costContract, costTableContract } from '../contracts.js';
import { grouped, percent, short } from '../format.js';
import {
  addFormOption,
  addSubjectOptions,
  buildSubjectFrom,
  type FormName,
  inForm,
  type SubjectOptions,
} from '../subject-options.js';
import { textTable } from '../table.js';

interface Options extends SubjectOptions {
  readonly form: FormName;
  readonly perOp?: true;
  readonly all?: true;
  readonly json?: true;
}

type CostReport = z.infer<typeof costContract>;

export const costCommand: Register = (program) => {
  const command = program
    .command('cost')
    .summary('parameters, MACs and FLOPs, exact')
    .description('Counts what a network, a block or an operator costs for one image, from shapes alone.')
    .argument('[id]', 'operator, block or network; or a file with one of your own')
    .option('--all', 'every network, in both forms')
    .option('--per-op', 'one line an operation too')
    .option('--json', 'machine-readable; see lightbench schema cost');
  addFormOption(addSubjectOptions(command), 'train')
    .addHelpText(
      'after',
      examples(
        'cost mobilenet-v2',
        'cost lightnet --block sandglass --set reduction=2 --per-op',
        'cost repso --input 64x28x28 --form deploy',
        'cost --all --json',
      ),
    )
    .action(async (id: string | undefined, options: Options) => {
      if (options.all) return printAll(options);
      if (id === undefined) return command.error('error: name an operator, block or network, or give --all');
      const report = await countOne(id, options);
      if (options.json) printJson(report);
      else printReport(report, options.perOp === true);
    });
};

const countOne = async (id: string, options: Options): Promise<CostReport> => {
  const subject = await buildSubjectFrom(id, options);
  const { cost } = await import('../../cost/cost.js');
  const { perOp, ...totals } = cost(inForm(subject, options.form).graph);
  return {
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
};

const printAll = async (options: Options): Promise<void> => {
  const { listDefinitions } = await import('../../../blocks/lookup.js');
  const rows: z.infer<typeof costTableContract> = [];
  for (const { id } of listDefinitions('network')) {
    for (const form of ['train', 'deploy'] as const) {
      const { perOp: _perOp, byKind: _byKind, ...row } = await countOne(id, { ...options, form });
      rows.push(row);
    }
  }
  if (options.json) return printJson(rows);
  printLine(
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
  printLine();
  const kinds = Object.entries(byKind) as [CostKind, CostReport['byKind'][string]][];
  printLine(
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

const printOperations = ({ perOp }: CostReport): void => {
  printLine();
  printLine(
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
