import { Argument } from 'commander';
import { examples, printJson, printLine, printNote, type Register } from '../command.js';

export const setupCommand: Register = (program) => {
  program
    .command('setup')
    .summary('install an engine that does not come with the package')
    .description(
      'Installs TF.js on libtensorflow, with CUDA if there is an NVIDIA GPU, into the cache folder; your project stays as it is.',
    )
    .addArgument(new Argument('<engine>', 'the engine').choices(['tensorflow']))
    .option(
      '--from-pip',
      "build the binding against the library in TensorFlow's Python wheel (needs pip and g++), if the published one cannot be downloaded",
      false,
    )
    .option('--json', 'print JSON; see lightbench schema setup')
    .addHelpText('after', examples('setup tensorflow', 'setup tensorflow --from-pip'))
    .action(
      async (_engine: string, { fromPip, json }: { readonly fromPip: boolean; readonly json?: true }) => {
        const { setupTensorflow } = await import('../../engines/tfjs/install/setup.js');
        const installed = await setupTensorflow({
          fromPip,
          onProgress: (step) => printNote(`${step} ...`),
        });
        if (json) return printJson(installed);
        const { name, folder, libtensorflow, device } = installed;
        printLine(`${name} on libtensorflow ${libtensorflow}, ${device}, in ${folder}`);
      },
    );
};
