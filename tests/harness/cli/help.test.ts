/** Every command, whatever is added: its help has an example and a guide, its JSON a schema. */
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { CONTRACTS } from '../../../harness/cli/contracts/registry.js';
import { buildProgram } from '../../../harness/cli/program.js';

const commandsBelow = (command: Command, before = ''): readonly (readonly [string, Command])[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .flatMap((child) => {
      const path = `${before}${child.name()}`;
      return child.commands.length === 0 ? [[path, child] as const] : commandsBelow(child, `${path} `);
    })
    .filter(([path]) => !path.endsWith('help'));

const COMMANDS = commandsBelow(buildProgram(new Command('lightbench'), () => {}));

const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({
    writeOut: (more) => {
      text += more;
    },
  });
  command.outputHelp();
  return text;
};

describe.each(COMMANDS)('lightbench %s', (path, command) => {
  it('has help with an example of its own and a page that exists', () => {
    const help = helpOf(command);
    expect(help).toMatch(new RegExp(`^ {2}\\$ lightbench ${path}`, 'm'));
    const [, guide = ''] = /^Guide: (.+)$/m.exec(help) ?? [];
    expect(existsSync(guide)).toBe(true);
  });

  it('prints JSON that has a schema', () => {
    expect(command.options.some(({ long }) => long === '--json')).toBe(true);
    const [name = ''] = path.split(' ');
    expect(Object.keys(CONTRACTS).some((one) => one === path || one === name)).toBe(true);
  });
});
