/** One part on a screen: its options, slots, costs and drawing. */
import type { AnyDefinition } from '../../../blocks/part.js';
import type { Graph } from '../../graph/graph.js';
import { UserError } from '../../user/user-error.js';
import { printLine, printPainted, printProse } from '../command.js';
import { grouped } from './format.js';
import { textTable } from './table.js';

/** Up to so many steps are listed one by one; a larger graph is shown in outline. */
const MOST_DRAWN = 24;

/** `choice` is how the user named it: by its id, or by the file that defines it. */
export const printPart = async (definition: AnyDefinition, choice: string): Promise<void> => {
  const { KIND_NAMES } = await import('../../../blocks/lookup.js');
  const { id, kind, summary, paper, admits } = definition;
  printLine(`${id}, ${KIND_NAMES[kind]}`);
  printProse(summary);
  printLine(`Paper: ${paper}`);
  if (admits !== undefined) printLine(admits);
  await printOptions(definition);
  const refusal = await printCosts(definition);
  printLine();
  if (refusal === null) {
    return printLine(`Example: lightbench cost ${choice}${await exampleSetting(definition)} --per-op`);
  }
  const { PLACES } = await import('../../describe/worked-example.js');
  printProse(`No costs at ${PLACES[definition.kind]}: ${refusal}`);
};

const printOptions = async ({ options, slots }: AnyDefinition): Promise<void> => {
  const { describeOptions } = await import('../../../blocks/options.js');
  const { KIND_NAMES } = await import('../../../blocks/lookup.js');
  const described = describeOptions(options);
  if (described.length > 0) {
    printLine();
    printPainted(
      textTable(
        [{ heading: 'option' }, { heading: 'default' }, { heading: 'allowed' }, { heading: '' }],
        described.map((option) => [option.name, valueText(option.default), option.allowed, option.summary]),
      ),
    );
  }
  const places = Object.entries(slots);
  if (places.length === 0) return;
  printLine();
  printPainted(
    textTable(
      [{ heading: 'slot' }, { heading: 'default' }, { heading: 'takes a' }, { heading: '' }],
      places.map(([name, slot]) => [name, slot.default, KIND_NAMES[slot.kind], slot.summary]),
    ),
  );
};

/** Why there are none, where the part is not made for the place of the example; else null. */
const printCosts = async (definition: AnyDefinition): Promise<string | null> => {
  const { PLACES, workedExample } = await import('../../describe/worked-example.js');
  const { costFormulas } = await import('../../describe/formula.js');
  const example = refusalOr(() => workedExample(definition));
  if (typeof example === 'string') return example;
  const formulas = definition.kind === 'network' ? null : costFormulas(definition);
  printLine();
  printPainted(
    textTable(
      [
        { heading: PLACES[definition.kind] },
        { heading: 'params', align: 'right' },
        { heading: 'MACs', align: 'right' },
        ...(formulas === null ? [] : [{ heading: 'params of C channels' }, { heading: 'MACs of P pixels' }]),
      ],
      (['train', 'deploy'] as const).map((form) => [
        `${form} form`,
        grouped(example[form].params),
        grouped(example[form].macs),
        ...(formulas === null ? [] : [formulas[form].params, formulas[form].macs]),
      ]),
    ),
  );
  if (definition.kind === 'channel') printLine('Formulas: from C to 4C channels.');
  if (definition.formula !== undefined) printLine(definition.formula.letters);
  await printSketch(example.graph);
  return null;
};

const refusalOr = <T>(make: () => T): T | string => {
  try {
    return make();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
};

const printSketch = async (graph: Graph): Promise<void> => {
  const { stepsOf } = await import('../../describe/steps.js');
  const { outline } = await import('../../describe/outline.js');
  const { formatShape } = await import('../../graph/shape.js');
  printLine();
  const steps = stepsOf(graph);
  if (steps.length > MOST_DRAWN) return printLine(outline(graph));
  printPainted(
    textTable(
      [{ heading: 'step' }, { heading: 'reads' }, { heading: 'output' }, { heading: 'operation' }],
      steps.map(({ id, inputs, shape, count, operation, after }) => [
        String(id),
        inputs.join(', '),
        formatShape(shape),
        [count === 1 ? operation : `${count} x ${operation}`, ...after].join(', '),
      ]),
    ),
  );
};

const valueText = (value: unknown): string => {
  if (value === undefined) return 'see right';
  return Array.isArray(value) ? value.join(',') : String(value);
};

const exampleSetting = async ({ options }: AnyDefinition): Promise<string> => {
  const { describeOptions } = await import('../../../blocks/options.js');
  const simple = describeOptions(options).find(({ default: value }) => typeof value === 'number');
  return simple === undefined ? '' : ` --set ${simple.name}=${simple.default}`;
};
