/** Options of the commands that are about one operator, block or network: which, how set, on what input, in what form. */
import { type Command, Option } from 'commander';
import type { NetworkSite, OptionValue } from '../../../blocks/part.js';
import type { Graph } from '../../graph/graph.js';
import type { MapShape } from '../../graph/shape.js';
import type { DeployForm } from '../../rewrite/deploy.js';
import { MOST } from '../../user/limits.js';
import { collectSettings, countUpTo, parseInput } from './values.js';

export interface SubjectOptions {
  readonly block?: string;
  readonly set?: Readonly<Record<string, OptionValue>>;
  readonly input?: MapShape;
  readonly classes?: number;
}

/** Forms of a network, as `--form` names them. */
export const FORM_NAMES = ['train', 'deploy', 'int8'] as const;

export type FormName = (typeof FORM_NAMES)[number];

const FORM_HELP =
  'train: with branches and batch norms; deploy: branches merged, norms folded; int8: that, quantised';

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
    .option('--block <id>', 'the basic block (id or file), for networks that take one')
    .option('--set <key=value...>', 'options of the part and of the parts in its slots', collectSettings)
    .option(
      '--input <CxHxW>',
      'input size (default: 3x224x224 for networks, 64x28x28 for operators and blocks; that of an ONNX file)',
      parseInput,
    )
    .option(
      '--classes <n>',
      'number of classes of a network (default: 1000; that of an ONNX file)',
      countUpTo(MOST.classes),
    );

export const addFormOption = (command: Command, standard: FormName): Command =>
  command.addOption(new Option('--form <form>', FORM_HELP).choices(FORM_NAMES).default(standard));

/** Throws UserError where the id or an option is unknown, or the part does not fit the input. */
export const buildSubjectFrom = async (id: string, options: SubjectOptions): Promise<BuiltSubject> => {
  const { buildSubject, chooseSubject } = await import('../../../blocks/subject.js');
  const { printChoice } = await import('../../../blocks/choice.js');
  const { deployForm } = await import('../../rewrite/deploy.js');
  const { partsFrom } = await import('../../run/plan/suite/part-files.js');
  const { chosen, settings } = partsFrom('.');
  const subject = chooseSubject({
    id: await chosen(id),
    ...(options.block === undefined ? {} : { block: await chosen(options.block) }),
    ...(options.set === undefined ? {} : { set: await settings(options.set) }),
  });
  const { id: part } = subject.choice;
  const { exportedFor = STANDARD } = typeof part === 'string' ? {} : part;
  const input = options.input ?? (subject.kind === 'network' ? exportedFor.input : [64, 28, 28]);
  const train = buildSubject(subject, input, options.classes ?? exportedFor.classes);
  return {
    id: typeof part === 'string' ? part : part.id,
    selection: printChoice(subject.choice),
    input,
    kind: subject.kind === 'network' || subject.kind === 'block' ? subject.kind : 'operator',
    train,
    deploy: () => deployForm(train),
  };
};

const STANDARD: NetworkSite = { input: [3, 224, 224], classes: 1000 };

/** The graph in one form, with a function that brings training weights to it; int8 is the deploy form in other numbers. */
export const inForm = (
  { train, deploy }: BuiltSubject,
  form: FormName,
): DeployForm | { graph: Graph; convert: DeployForm['convert'] } =>
  form !== 'train' ? deploy() : { graph: train, convert: (weights) => weights };

/** What `text` names: itself, or what the files in it define. */
export const partOrFile = async (text: string): Promise<OptionValue> => {
  const { partsFrom } = await import('../../run/plan/suite/part-files.js');
  return partsFrom('.').chosen(text);
};
