import { Argument, type Command, type Option } from 'commander';
import { examples, printJson, type Register } from '../command.js';
import { type Offered, offeredAfter } from '../options/completed-values.js';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

export const completionCommand: Register = (program) => {
  program
    .command('completion')
    .summary('complete commands, options and ids with the tab key')
    .description(
      'Prints a script that makes a shell complete commands, options, their values and the ids of parts, suites, engines, charts and columns.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .option('--json', 'print the script as JSON; see lightbench schema completion')
    .addHelpText(
      'after',
      `${examples('completion bash', 'completion zsh', 'completion fish')}

To load it at every start: eval "$(lightbench completion bash)" in ~/.bashrc, source <(lightbench completion zsh) in ~/.zshrc,
lightbench completion fish | source in ~/.config/fish/config.fish. The command lightbench must be on the PATH.`,
    )
    .action(async (shell: string, { json }: { readonly json?: true }) => {
      const { default: tab } = await import('@bomb.sh/tab');
      const print = () => tab.setup('lightbench', 'lightbench', shell);
      if (json) printJson({ shell, script: printedBy(print) });
      else print();
    });
  program
    .command('complete', { hidden: true })
    .description('Answers the script of completion.')
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: readonly string[]) => {
      const { default: tab } = await import('@bomb.sh/tab');
      const values = await namesOf();
      describe(tab, program.commands, '', values, await offeredAfter(words));
      tab.parse([...words]);
    });
};

/** The library gives a script by `console.log` alone. */
const printedBy = (print: () => void): string => {
  const lines: string[] = [];
  const { log } = console;
  console.log = (line: string) => void lines.push(line);
  try {
    print();
  } finally {
    console.log = log;
  }
  return lines.join('\n');
};

type Tab = typeof import('@bomb.sh/tab')['default'];

/** Values by the name of the argument that takes them. */
type Values = Readonly<Record<string, readonly string[]>>;

const namesOf = async (): Promise<Values> => {
  const { listDefinitions } = await import('../../../blocks/lookup.js');
  const { SUITES } = await import('../../../suites/registry.js');
  const { EXPLANATIONS } = await import('../../../reports/explanations.js');
  const parts = listDefinitions().map(({ id }) => id);
  return {
    id: parts,
    what: [...LISTS, ...parts],
    suite: SUITES.map(({ id }) => id),
    chart: EXPLANATIONS.flatMap(({ kind, name }) => (kind === 'chart' ? [name] : [])),
    word: EXPLANATIONS.map(({ name }) => name.replaceAll(' ', '-')),
  };
};

const LISTS = ['operators', 'blocks', 'networks', 'suites', 'datasets', 'engines'];

/** Tells of every command below, with its options and arguments. */
const describe = (
  tab: Tab,
  commands: readonly Command[],
  before: string,
  values: Values,
  offered: Offered | null,
): void => {
  for (const command of commands) {
    const path = `${before}${command.name()}`;
    const told = tab.command(path, command.summary());
    for (const option of command.options.filter(({ hidden }) => !hidden)) {
      addOption(told, option, offered);
    }
    for (const argument of command.registeredArguments) {
      const known = argument.argChoices ?? values[argument.name()] ?? [];
      told.argument(
        argument.name(),
        (complete) => {
          for (const value of known) complete(value, '');
        },
        argument.variadic,
      );
    }
    describe(tab, command.commands, `${path} `, values, offered);
  }
};

const addOption = (told: ReturnType<Tab['command']>, option: Option, offered: Offered | null): void => {
  const name = option.long?.slice(2) ?? '';
  const summary = option.description;
  if (!option.required && !option.optional) told.option(name, summary);
  else {
    told.option(name, summary, (complete) => {
      const values = offered?.flag === option.long ? offered?.values : [];
      for (const value of option.argChoices ?? values ?? []) complete(value, '');
    });
  }
};
