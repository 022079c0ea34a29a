import { examples, printJson, printLine, type Register } from '../command.js';
import { parsePort } from '../options/values.js';

interface Options {
  readonly port?: number;
  readonly open?: true;
  readonly json?: true;
}

export const serveCommand: Register = (program) => {
  program
    .command('serve')
    .summary('the page of a run, in a browser, while it goes on')
    .description(
      'Serves the page of a run on this machine alone, under an address that nobody can guess. While the run goes on, the page follows it; ' +
        'it only shows, and cannot change anything. Ctrl-C ends it.',
    )
    .argument('<run-dir>', 'the folder of the run')
    .option('--port <port>', 'port of 127.0.0.1 (default: a free one)', parsePort)
    .option('--open', 'open the page in your browser')
    .option('--json', 'print the address as JSON; see lightbench schema serve')
    .addHelpText('after', examples('serve runs/quick-2025-01-02T030405', 'serve runs/a --open'))
    .action(async (directory: string, { port, open, json }: Options) => {
      const { loadPlan } = await import('../../../results/run/load-run.js');
      await loadPlan(directory);
      const { servePage } = await import('../serve/page-server.js');
      const { address, close } = await servePage(directory, port);
      if (json) printJson({ directory, address });
      else printLine(`${directory} is served at ${address}\nCtrl-C ends it.`);
      if (open) {
        const { openBrowser } = await import('../serve/open-browser.js');
        await openBrowser(address);
      }
      await new Promise<void>((interrupted) => {
        process.once('SIGINT', interrupted);
        process.once('SIGTERM', interrupted);
      });
      await close();
    });
};
