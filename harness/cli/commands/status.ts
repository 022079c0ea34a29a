import { examples, printJson, type Register } from '../command.js';

export const statusCommand: Register = (program) => {
  program
    .command('status')
    .summary('how far a run is: done, running, failed, time left')
    .description(
      'Shows what of a run is done, what is being trained, what has failed and why, and the time left. Works while the run goes on, and ' +
        'afterwards; it changes nothing.',
    )
    .argument('<run-dir>', 'the folder of the run')
    .option('--json', 'print JSON; see lightbench schema status')
    .addHelpText('after', examples('status runs/quick-2025-01-02T030405', 'status runs/a --json'))
    .action(async (directory: string, { json }: { readonly json?: true }) => {
      const { runStatus } = await import('../../run/status/run-status.js');
      const status = await runStatus(directory);
      if (json) return printJson(status);
      const { printStatus } = await import('../views/status-view.js');
      printStatus(status);
    });
};
