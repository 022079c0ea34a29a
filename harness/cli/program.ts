/** The command line: parse, call one library function, print. The only place that turns errors into exit codes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AddHelpTextContext, Command, CommanderError } from 'commander';
import { unexplainedSystemError } from '../files/system-error.js';
import { packageRoot } from '../package/package-root.js';
import { didYouMean } from '../user/did-you-mean.js';
import { UserError } from '../user/user-error.js';
import { visibleLines } from '../user/visible.js';
import { printMistake } from './command.js';
import { COMMANDS } from './commands/registry.js';
import { EXIT } from './exit-codes.js';
import { guideOf } from './guides.js';
import { suggestChoices } from './options/choices.js';

/** Runs one command; the exit code. A user's mistake is one paragraph on standard error, a defect of ours a stack trace. */
export const runCommandLine = async (args: readonly string[]): Promise<number> => {
  let exitCode: number = EXIT.success;
  const program = buildProgram(new Command('lightbench'), (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
    const mistake = error instanceof UserError ? error : unexplainedSystemError(error);
    if (mistake === null) throw error;
    printMistake(mistake);
    return EXIT.usage;
  }
};

/** All commands, on this root. */
export const buildProgram = (program: Command, setExitCode: (code: number) => void): Command => {
  program
    .description('Fair, block-versus-block comparison of light-weight CNN parts.')
    .version(packageVersion())
    .showSuggestionAfterError()
    .addHelpText('beforeAll', refuseUnknownTopic)
    .configureHelp({ minWidthToWrap: 30 })
    .showHelpAfterError('Run with --help for the options and an example.')
    .configureOutput({ writeErr: (text) => void process.stderr.write(visibleLines(text)) })
    .hook('preAction', (_, command) => refuseEmpty(command))
    .exitOverride();
  for (const [task, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(task);
    for (const register of commands) register(program, setExitCode);
  }
  for (const command of program.commands) {
    command.copyInheritedSettings(program);
    const guide = join(packageRoot(), guideOf(command.name()));
    for (const each of [command, ...command.commands]) {
      each.addHelpText('after', `\nGuide: ${guide}`);
      suggestChoices(each);
    }
  }
  return program;
};

/** Of a shell's variable that is not set; to complete a word, it may still be empty. */
const refuseEmpty = (command: Command): void => {
  if (command.name() === 'complete') return;
  const given = command.registeredArguments.map((argument, i): [string, unknown] => [
    argument.name(),
    command.processedArgs[i],
  ]);
  const set = command.options.map((option): [string, unknown] => [
    option.long ?? option.flags,
    command.getOptionValue(option.attributeName()),
  ]);
  const [empty] = [...given, ...set].find(([, value]) => [value].flat().includes('')) ?? [];
  if (empty === undefined) return;
  throw new UserError(
    `The value of ${empty} is empty.`,
    'Give one, or leave it out; is a variable of the shell unset?',
  );
};

/** Of `help nope`, which would otherwise show the help of all commands. */
const refuseUnknownTopic = ({ command }: AddHelpTextContext): string => {
  const [help, topic] = command.args;
  const names = command.commands.map((one) => one.name());
  if (help !== 'help' || topic === undefined || names.includes(topic)) return '';
  throw new UserError(
    `Unknown command "${topic}".`,
    didYouMean(topic, names, 'lightbench --help lists all commands.'),
  );
};

const packageVersion = (): string => {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(join(packageRoot(), 'package.json'), 'utf8'),
  );
  return manifest.version;
};
