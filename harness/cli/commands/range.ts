import type { OptionValue, PartKind } from '../../../blocks/part.js';
import { UserError } from '../../user/user-error.js';
import { examples, printJson, printLine, printPainted, type Register } from '../command.js';
import {
  addSubjectOptions,
  buildSubjectFrom,
  partOrFile,
  type SubjectOptions,
} from '../options/subject-options.js';
import { textTable } from '../views/table.js';

interface Options extends SubjectOptions {
  readonly json?: true;
}

export const rangeCommand: Register = (program) => {
  const command = program
    .command('range')
    .summary('receptive range: which input channels each output depends on')
    .description(
      'Prints how many input channels each output channel of an operator or a block depends on, and draws which ones. Among the settings, ' +
        '`channels` is the number of input channels, and `expansion` is output channels over input channels.',
    )
    .argument('<id>', 'operator or block, or the file of your own')
    .option('--json', 'print JSON; see lightbench schema range');
  addSubjectOptions(command)
    .addHelpText(
      'after',
      examples('range sf --set channels=64 expansion=4', 'range shuffled --set channels=32 groups=4 --json'),
    )
    .action(async (id: string, options: Options) => {
      const subject = await buildSubjectFrom(id, placed(await kindOf(id), options));
      if (subject.kind === 'network') {
        throw new UserError(
          `${subject.id} is a network.`,
          'Name an operator or a block: the receptive range of channels is defined for those.',
        );
      }
      const { receptiveRange } = await import('../../cost/receptive-range.js');
      const { receptiveField } = await import('../../cost/receptive-field.js');
      const { drawConnections } = await import('../../cost/connection-pattern.js');
      const range = receptiveRange(subject.train);
      const { extent } = receptiveField(subject.train);
      const [height, width] = extent;
      if (options.json) {
        return printJson({
          id: subject.id,
          selection: subject.selection,
          ...range,
          receptiveField: { height, width },
        });
      }
      printLine(`${subject.selection}, ${range.inputs} to ${range.outputs} channels`);
      printLine();
      printPainted(
        textTable(
          [
            { heading: 'receptive range' },
            { heading: 'min', align: 'right' },
            { heading: 'mean', align: 'right' },
            { heading: 'max', align: 'right' },
            { heading: 'receptive field', align: 'right' },
          ],
          [
            [
              range.full ? 'full' : 'not full',
              String(range.min),
              String(Number(range.mean.toPrecision(4))),
              String(range.max),
              `${height}x${width}`,
            ],
          ],
        ),
      );
      printLine();
      printLine(drawConnections(subject.train));
    });
};

/** Small maps do: what depends on what does not change with the size. */
const MAP = 16;

const placed = (kind: PartKind, { set = {}, input, ...options }: Options): SubjectOptions => {
  const { channels = input?.[0] ?? 64, expansion, ...others } = set;
  if (typeof channels !== 'number' || !Number.isInteger(channels) || channels < 1) {
    throw new UserError(
      `channels=${String(channels)} is not a valid number of channels.`,
      'Use a whole number of at least 1.',
    );
  }
  return {
    ...options,
    input: [channels, input?.[1] ?? MAP, input?.[2] ?? MAP],
    set: { ...others, ...expanded(kind, channels, expansion) },
  };
};

/** An operator has the outputs of its place; a block has an expansion of its own. */
const expanded = (
  kind: PartKind,
  channels: number,
  expansion: OptionValue | undefined,
): Readonly<Record<string, OptionValue>> => {
  if (expansion === undefined) return {};
  return kind === 'channel' && typeof expansion === 'number'
    ? { outChannels: Math.round(channels * expansion) }
    : { expansion };
};

const kindOf = async (id: string): Promise<PartKind> => {
  const { definitionOf } = await import('../../../blocks/lookup.js');
  const { asChoice } = await import('../../../blocks/choice.js');
  return definitionOf(asChoice(await partOrFile(id))).kind;
};
