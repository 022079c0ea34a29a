import { resolve } from 'node:path';
import type { OptionValue } from '../../../blocks/part.js';
import type { MapShape } from '../../graph/shape.js';
import type { BlockKnob } from '../../import/block/block-folder.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import { collectSettings, parseInput, parseKnob } from '../options/values.js';
import { grouped } from '../views/format.js';
import { textTable } from '../views/table.js';

interface Options {
  readonly out: string;
  readonly skeleton: string;
  readonly set: Readonly<Record<string, OptionValue>>;
  readonly with: Readonly<Record<string, OptionValue>>;
  readonly knob?: BlockKnob;
  readonly input: MapShape;
  readonly json?: true;
}

export const importCommand: Register = (program) => {
  program
    .command('import')
    .summary('take a block from PyTorch')
    .description(
      'Makes a PyTorch module for every place of a skeleton, exports it with its batch norms, reads it back, checks that it computes the ' +
        'same, and writes a folder that stands wherever a block may: --block ./my-block. It runs your Python with your torch: python3, or ' +
        'what LIGHTBENCH_PYTHON names. A network needs no import: name its ONNX file.',
    )
    .argument('<source>', 'my_block.py:MyBlock, or package.module:Class')
    .requiredOption('--out <folder>', 'folder to write; replaced where it exists')
    .option('--skeleton <id>', 'the network whose places it is made for', 'lightnet')
    .option('--set <key=value...>', 'options of the skeleton, as in the suite', collectSettings, {})
    .option('--with <key=value...>', 'keyword arguments of the constructor', collectSettings, {})
    .option(
      '--knob <key=values>',
      'import it with each of these values of an argument, which a budget can turn',
      parseKnob,
    )
    .option('--input <CxHxW>', 'size of the images, as in the suite', parseInput, [3, 224, 224])
    .option('--json', 'print JSON; see lightbench schema import')
    .addHelpText(
      'after',
      examples(
        'import my_block.py:MyBlock --out my-block',
        'import my_block.py:MyBlock --knob expansion=2,3,4,5,6 --out my-block',
        'import timm.models._efficientnet_blocks:InvertedResidual --with exp_ratio=4 --set preset=small --input 1x32x32 --out inverted',
      ),
    )
    .action(async (source: string, { out, skeleton, set, with: given, knob, input, json }: Options) => {
      const { placesOf } = await import('../../import/block/places.js');
      const { importBlock } = await import('../../import/block/import-block.js');
      const { findEngine } = await import('../../engines/registry.js');
      const places = placesOf(skeleton, set, { input, classes: 10 });
      const block = await importBlock(
        { source, arguments: given, places, ...(knob ? { knob } : {}) },
        resolve(out),
        findEngine('onnxruntime'),
      );
      if (json) return printJson({ ...block, source, folder: out });
      printLine(`${out}: ${block.id}, from ${source}, torch ${block.torch}`);
      printLine();
      printPainted(
        textTable(
          [
            ...(knob ? [{ heading: knob.option, align: 'right' } as const] : []),
            { heading: 'input' },
            { heading: 'channels', align: 'right' },
            { heading: 'stride', align: 'right' },
            { heading: 'params', align: 'right' },
            { heading: 'MACs', align: 'right' },
            { heading: 'difference', align: 'right' },
          ],
          block.places.map((place) => [
            ...(place.value === undefined ? [] : [String(place.value)]),
            place.input.join('x'),
            String(place.outChannels),
            String(place.stride),
            grouped(place.params),
            grouped(place.macs),
            place.difference.toExponential(1),
          ]),
        ),
      );
    });
};
