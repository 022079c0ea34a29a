/** Options of the commands that are about one operator, block or network: which, how set, on what input, in what form. */
import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { OptionValue } from '../../blocks/define.js';
import type { Graph } from '../graph/graph.js';
import type { MapShape } from '../graph/shape.js';
import type { DeployForm } from '../rewrite/deploy.js';
import { collectSettings, parseCount, parseInput } from './values.js';

export interface SubjectOptions {
  readonly block?: string;
  readonly set?: Readonly<Record<string, OptionValue>>;
  readonly input?: MapShape;
  readonly classes: number;
}

export type FormName = 'train' | 'deploy';

export interface BuiltSubject {
  readonly id: string;
  /** The whole choice in words. */
  readonly selection: string;
  readonly input: MapShape;
  readonly kind: 'operator' | 'block' | 'network';
  readonly train: Graph;
  readonly deploy: () => DeployForm;
}

export const addSubjectOptions = (command: Command): Command =>
  command
    .option('--block <id>', 'the basic block, for a network that has a place for one: an id or a file')
    .option('--set <key=value...>', 'options of the part, and of the parts in its slots', collectSettings)
    .option(
      '--input <CxHxW>',
      'size of the input; by default 3x224x224, for operators and blocks 64x28x28',
      parseInput,
    )
    .option('--classes <n>', 'classes of a network', parseCount, 1000);

export const addFormOption = (command: Command, standard: FormName): Command =>
  command.addOption(
    new Option('--form <form>', 'with branches and batch norms, or merged and folded')
      .choices(['train', 'deploy'])
      .default(standard),
  );

/** Throws UserError where the id or an option is unknown, or the part does not fit the input. */
export const buildSubjectFrom = async (id: string, options: SubjectOptions): Promise<BuiltSubject> => {
  const { buildSubject, chooseSubject } = await import('../../blocks/subject.js');
  const { printChoice } = await import('../../blocks/selector.js');
  const { deployForm } = await import('../rewrite/deploy.js');
  const subject = chooseSubject({
    id: await partOrFile(id),
    ...(options.block === undefined ? {} : { block: await partOrFile(options.block) }),
    ...(options.set === undefined ? {} : { set: options.set }),
  });
  const input = options.input ?? (subject.kind === 'network' ? [3, 224, 224] : [64, 28, 28]);
  const train = buildSubject(subject, input, options.classes);
  const { id: part } = subject.choice;
  return {
    id: typeof part === 'string' ? part : part.id,
    selection: printChoice(subject.choice),
    input,
    kind: subject.kind === 'network' || subject.kind === 'block' ? subject.kind : 'operator',
    train,
    deploy: () => deployForm(train),
  };
};

/** The graph in one form, with a function that brings training weights to it. */
export const inForm = (
  { train, deploy }: BuiltSubject,
  form: FormName,
): DeployForm | { graph: Graph; convert: DeployForm['convert'] } =>
  form === 'deploy' ? deploy() : { graph: train, convert: (weights) => weights };

const FILE = /\.[cm]?[jt]s$/;

/** What `id` names: itself, or the part in the file of that name. */
export const partOrFile = async (text: string): Promise<OptionValue> => {
  if (!FILE.test(text) || !existsSync(text)) return text;
  const { loadPart } = await import('../run/load-part.js');
  return loadPart(text);
};
