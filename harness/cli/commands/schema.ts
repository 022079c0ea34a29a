import { Argument } from 'commander';
import { z } from 'zod';
import { examples, printJson, type Register } from '../command.js';
import { CONTRACTS } from '../contracts/registry.js';

const SUITE = 'suite';

const NAMES = [...Object.keys(CONTRACTS), SUITE] as (keyof typeof CONTRACTS | typeof SUITE)[];

export const schemaCommand: Register = (program) => {
  program
    .command('schema')
    .summary('JSON Schema of what --json prints, and of suites')
    .description(
      'Prints the JSON Schema of what a command prints with --json, or of a suite in YAML or JSON, by which editors complete and check it.',
    )
    .addArgument(new Argument('<command>', 'the command, or suite').choices(NAMES))
    .option('--json', 'JSON, as it is in any case')
    .addHelpText('after', examples('schema cost', "schema 'cost --all'", 'schema suite'))
    .action(async (name: (typeof NAMES)[number]) => {
      if (name !== SUITE) return printJson(z.toJSONSchema(CONTRACTS[name]));
      const { suiteJsonSchema } = await import('../../run/plan/suite/suite-json-schema.js');
      printJson(suiteJsonSchema());
    });
};
