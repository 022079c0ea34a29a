import { Argument } from 'commander';
import { z } from 'zod';
import { examples, printJson, type Register } from '../command.js';
import { CONTRACTS } from '../contracts.js';

const NAMES = Object.keys(CONTRACTS) as (keyof typeof CONTRACTS)[];

export const schemaCommand: Register = (program) => {
  program
    .command('schema')
    .summary('JSON Schema of what --json prints')
    .description('Prints the JSON Schema of the output of a command with --json.')
    .addArgument(new Argument('<command>', 'the command').choices(NAMES))
    .addHelpText('after', examples('schema cost', "schema 'cost --all'"))
    .action((name: keyof typeof CONTRACTS) => printJson(z.toJSONSchema(CONTRACTS[name])));
};
