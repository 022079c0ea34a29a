import type { AnyDefinition, PartKind } from '../../../blocks/part.js';
import { didYouMean, withWords } from '../../user/did-you-mean.js';
import { toPattern } from '../../user/pattern.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import type { ListEntry } from '../contracts/list.js';
import { partOrFile } from '../options/subject-options.js';
import { textTable } from '../views/table.js';

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
    .summary('parts, suites, data sets and engines')
    .description(
      'Lists operators, blocks, networks, suites, data sets and engines, or shows one part: its options, costs and operations.',
    )
    .argument('[what]', `which list to show (${NAMES.join(', ')}), or the id or file of one part`)
    .option('--filter <pattern>', 'only what has this regular expression in its id or summary', toPattern)
    .option('--json', 'print JSON; see lightbench schema list')
    .addHelpText(
      'after',
      examples('list', 'list operators', 'list repso', 'list --filter shuffle', 'list engines --json'),
    )
    .action(async (what: string | undefined, { filter, json }: Options) => {
      if (what !== undefined && !isList(what)) return showPart(what, json === true);
      const chosen = what === undefined ? NAMES : [what];
      const entries: ListEntry[] = [];
      for (const name of chosen) entries.push(...(await LISTS[name]()));
      const shown = entries.filter(
        ({ id, summary }) => filter === undefined || filter.test(id) || filter.test(summary),
      );
      if (json) return printJson(shown);
      if (shown.length === 0) printLine(nothingMatches(filter?.source ?? '', entries));
      for (const [index, name] of groupsOf(shown).entries()) {
        if (index > 0) printLine();
        printGroup(name, shown);
      }
    });
};

const nothingMatches = (filter: string, entries: readonly ListEntry[]): string => {
  const names = withWords(entries.map(({ id }) => id));
  return `Nothing matches the filter. ${didYouMean(filter, names, 'lightbench list shows all.')}`;
};

interface Options {
  readonly filter?: RegExp;
  readonly json?: true;
}

const isList = (what: string): what is ListName => Object.hasOwn(LISTS, what);

const showPart = async (name: string, json: boolean): Promise<void> => {
  const { definitionOf } = await import('../../../blocks/lookup.js');
  const { asChoice } = await import('../../../blocks/choice.js');
  const definition = definitionOf(asChoice(await partOrFile(name)));
  if (json) return printJson([await partEntry(definition)]);
  const { printPart } = await import('../views/part-view.js');
  await printPart(definition, name);
};

const parts = async (kind: PartKind): Promise<readonly ListEntry[]> => {
  const { listDefinitions } = await import('../../../blocks/lookup.js');
  return Promise.all(listDefinitions(kind).map(partEntry));
};

const partEntry = async (definition: AnyDefinition): Promise<ListEntry> => {
  const { KIND_NAMES } = await import('../../../blocks/lookup.js');
  const { describeOptions } = await import('../../../blocks/options.js');
  const { kind, id, summary, paper, admits, mergeable, options, slots } = definition;
  return {
    list: `${KIND_NAMES[kind]}s`,
    id,
    summary,
    source: paper,
    admits: admits ?? null,
    mergeable,
    options: describeOptions(options).map((option) => ({ ...option, default: option.default ?? null })),
    slots: Object.entries(slots).map(([name, slot]) => ({ name, ...slot })),
  };
};

const groupsOf = (entries: readonly ListEntry[]): readonly string[] => [
  ...new Set(entries.map(({ list }) => list)),
];

const printGroup = (name: string, entries: readonly ListEntry[]): void => {
  const rows = entries.filter(({ list }) => list === name);
  printPainted(
    textTable(
      [{ heading: name }, { heading: '' }],
      rows.map(({ id, summary }) => [id, summary]),
    ),
  );
};
