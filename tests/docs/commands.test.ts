/** Every command that docs and help print is one that the command line takes. `commands.slow.test.ts` runs those of the docs. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../harness/cli/program.js';
import { argumentsOf, documentedCommands, mentionedCommands } from '../support/documented-commands.js';

/** Reads and checks arguments, and does nothing. */
class Reader extends Command {
  override action(): this {
    return super.action(() => {});
  }
  override createCommand(name?: string): Command {
    return new Reader(name);
  }
}

const reads = async (args: readonly string[]): Promise<void> => {
  await buildProgram(new Reader('lightbench'), () => {}).parseAsync([...args], { from: 'user' });
};

const inHelp = (): readonly string[] => {
  const program = buildProgram(new Reader('lightbench'), () => {});
  const every = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(every)];
  return every(program).flatMap((command) => {
    let text = '';
    command.configureOutput({
      writeOut: (more) => {
        text += more;
      },
    });
    command.outputHelp();
    return [...text.matchAll(/^ {2}\$ (lightbench .*)$/gm)].map(([, line]) => line ?? '');
  });
};

/** `"$CORES"` and the like stand for numbers of the machine. */
const withNumbers = (args: readonly string[]): readonly string[] =>
  args.map((arg) => (arg.startsWith('$') ? '2' : arg));

describe('every printed command is taken', () => {
  it.each(
    [...documentedCommands(), ...mentionedCommands()]
      .filter(({ line }) => !line.startsWith('git '))
      .map(({ file, line }) => [line, file]),
  )('%s (%s)', async (line) => {
    const commands = argumentsOf(line);
    expect(commands.length).toBeGreaterThan(0);
    for (const args of commands) await expect(reads(withNumbers(args))).resolves.toBeUndefined();
  });

  it.each(inHelp())('%s', async (line) => {
    for (const args of argumentsOf(line)) await expect(reads(args)).resolves.toBeUndefined();
  });

  it('and an unknown option is not', async () => {
    await expect(reads(['cost', 'repso', '--bogus'])).rejects.toThrow(/unknown option/);
    expect(documentedCommands().length).toBeGreaterThan(30);
  });
});
