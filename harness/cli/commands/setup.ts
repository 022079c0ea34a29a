import { Argument } from 'commander';
import { examples, printLine, type Register } from '../command.js';

export const setupCommand: Register = (program) => {
  program
    .command('setup')
    .summary('install an engine that does not come with the package')
    .description(
      'Installs TF.js on libtensorflow, with CUDA where there is an NVIDIA GPU, into the cache folder: no project is touched.',
    )
    .addArgument(new Argument('<engine>', 'the engine').choices(['tensorflow']))
    .option(
      '--from-pip',
      "build the binding against the library in TensorFlow's Python wheel (needs pip and g++), where the published one is out of reach",
      false,
    )
    .addHelpText('after', examples('setup tensorflow', 'setup tensorflow --from-pip'))
    .action(async (_engine: string, { fromPip }: { readonly fromPip: boolean }) => {
      const { setupTensorflow } = await import('../../engines/tfjs/setup.js');
      const { name, folder, libtensorflow, device } = await setupTensorflow({
        fromPip,
        onProgress: (step) => printLine(`${step} ...`),
      });
      printLine(`${name} on libtensorflow ${libtensorflow}, ${device}, in ${folder}`);
    });
};
