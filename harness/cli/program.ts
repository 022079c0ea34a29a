/** The command line: parse, call one library function, print. The only place that turns errors into exit codes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { packageRoot } from '../package-root.js';
import { UserError } from '../user-error.js';
import { COMMANDS } from './commands/registry.js';
import { EXIT } from './exit-codes.js';

/** Runs one command; the exit code. A user's mistake is one paragraph on standard error, a defect of ours a stack trace. */
export const runCommandLine = async (args: readonly string[]): Promise<number> => {
  let exitCode: number = EXIT.success;
  const program = new Command('lightbench')
    .description('Fair, block-versus-block comparison of light-weight CNN parts.')
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('Run with --help for the options and an example.')
    .exitOverride();
  for (const register of COMMANDS) {
    register(program, (code) => {
      exitCode = code;
    });
  }
  for (const command of program.commands) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.success : EXIT.usage;
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${pc.red('error:')} ${error.message} ${error.remedy}\n`);
    return EXIT.usage;
  }
};

const packageVersion = (): string => {
  const manifest: { readonly version: string } = JSON.parse(
    readFileSync(join(packageRoot(), 'package.json'), 'utf8'),
  );
  return manifest.version;
};
