import { Argument } from 'commander';
import type { PartKind } from '../../../blocks/define.js';
import { examples, printJson, printLine, type Register } from '../command.js';
import type { ListEntry } from '../contracts.js';
import { textTable } from '../table.js';

const LISTS = {
  operators: async () => [...(await parts('spatial')), ...(await parts('channel'))],
  blocks: () => parts('block'),
  networks: () => parts('network'),
  suites: async () => {
    const { SUITES } = await import('../../../suites/registry.js');
    return SUITES.map(({ id, question }) => ({ list: 'suites', id, summary: question, source: '' }));
  },
  datasets: async () => {
    const { DATASETS, optionsFromEnvironment } = await import('../../data/registry.js');
    return DATASETS.map(({ id, summary, location }) => ({
      list: 'datasets',
      id,
      summary,
      source: location(optionsFromEnvironment()) ?? 'not on this machine',
    }));
  },
  engines: async () => {
    const { describeEngines } = await import('../../engines/registry.js');
    return (await describeEngines()).map(({ name, state }) => ({
      list: 'engines',
      id: name,
      summary: state.state === 'available' ? `${state.version}, ${state.device}` : state.reason,
      source: state.state,
    }));
  },
} satisfies Record<string, () => Promise<readonly ListEntry[]>>;

type ListName = keyof typeof LISTS;

const NAMES = Object.keys(LISTS) as ListName[];

export const listCommand: Register = (program) => {
  program
    .command('list')
    .summary('what there is to compare, and with what')
    .description('Lists operators, blocks, networks, suites, data sets and engines.')
    .addArgument(new Argument('[what]', 'one of these lists').choices(NAMES))
    .option('--json', 'machine-readable; see lightbench schema list')
    .addHelpText('after', examples('list', 'list operators', 'list engines --json'))
    .action(async (what: ListName | undefined, { json }: { readonly json?: true }) => {
      const chosen = what === undefined ? NAMES : [what];
      const entries: ListEntry[] = [];
      for (const name of chosen) entries.push(...(await LISTS[name]()));
      if (json) return printJson(entries);
      for (const [index, name] of groupsOf(entries).entries()) {
        if (index > 0) printLine();
        printGroup(name, entries);
      }
    });
};

const parts = async (kind: PartKind): Promise<readonly ListEntry[]> => {
  const { KIND_NAMES, listDefinitions } = await import('../../../blocks/lookup.js');
  const { describeOptions } = await import('../../../blocks/options.js');
  return listDefinitions(kind).map(({ id, summary, paper, admits, mergeable, options, slots }) => ({
    list: `${KIND_NAMES[kind]}s`,
    id,
    summary,
    source: paper,
    admits: admits ?? null,
    mergeable,
    options: describeOptions(options).map((option) => ({ ...option, default: option.default ?? null })),
    slots: Object.entries(slots).map(([name, slot]) => ({ name, ...slot })),
  }));
};

const groupsOf = (entries: readonly ListEntry[]): readonly string[] => [
  ...new Set(entries.map(({ list }) => list)),
];

const printGroup = (name: string, entries: readonly ListEntry[]): void => {
  const rows = entries.filter(({ list }) => list === name);
  printLine(
    textTable(
      [{ heading: name }, { heading: '' }],
      rows.map(({ id, summary }) => [id, summary]),
    ),
  );
};
