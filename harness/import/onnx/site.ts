/** What the rule of an ONNX operator sees of its node. */
import { shown } from '../../graph/domain.js';
import type { Shape } from '../../graph/shape.js';
import { UserError } from '../../user/user-error.js';
import { visible } from '../../user/visible.js';
import { UNCHANGED } from './elementwise.js';
import type { FileNode } from './file-node.js';
import type { Constant, Operand, Pending, Variable } from './operand.js';
import { pathOf } from './paths.js';
import type { Sketch } from './sketch.js';
import { plainView, type View } from './view.js';

export type Rule = (site: Site) => Operand | readonly Operand[];

export class Site {
  constructor(
    private readonly node: FileNode,
    private readonly operands: readonly (Operand | undefined)[],
    readonly sketch: Sketch,
    /** Whether nothing but one value at a time stands between this node and the output. */
    readonly isTail: boolean,
    /** Whether nothing else reads this input. */
    readonly readsAlone: (input: number) => boolean,
    /** Operators of the nodes that read the output. */
    readonly readers: readonly string[],
  ) {}

  get operator(): string {
    return this.node.operator;
  }

  get outputs(): number {
    return this.node.outputs.length;
  }

  get outputName(): string {
    return this.node.outputs[0] ?? '';
  }

  get inputs(): readonly (Operand | undefined)[] {
    return this.operands;
  }

  /** The path of this node, or of the layer whose parameter it reads. */
  path(parameter?: Constant): string {
    return pathOf(this.node, parameter?.parameter);
  }

  input(index: number): Operand {
    const operand = this.operands[index];
    if (operand) return operand.kind === 'variable' ? this.sketch.whole(operand) : operand;
    throw new UserError(`it has no input ${index + 1}`, 'Check the file with onnx.checker.');
  }

  /** A value of the network. Throws UserError where the input is a constant. */
  variable(index: number): Variable {
    return this.sketch.whole(this.windowed(index));
  }

  /** An input that stands for a step of linear attention; undefined where it does not. */
  step(index: number): Variable | undefined {
    const operand = this.operands[index];
    return operand?.kind === 'variable' && operand.step !== undefined ? operand : undefined;
  }

  /** An input that waits for the next node to make it part of an operation; undefined where it does not. */
  pending<S extends Pending['state']>(index: number, state: S): PendingVariable<S> | undefined {
    const operand = this.operands[index];
    return operand?.kind === 'variable' && isPending(operand, state) ? operand : undefined;
  }

  /** The same as a node sees it that only rearranges values: also projected codes of positions. */
  arranged(index: number): Variable {
    return this.pending(index, 'positions') ?? this.variable(index);
  }

  /** The same as a window sees it: a padding that stands before it is left to be taken in. */
  windowed(index: number): Variable {
    const operand = this.operands[index] ?? this.input(index);
    if (operand.kind === 'variable') {
      if (operand.step !== undefined) throw new UserError(PART_OF_ATTENTION, UNSUPPORTED);
      if (operand.pending !== undefined) throw new UserError(MISREAD[operand.pending.state], UNSUPPORTED);
      return operand;
    }
    throw new UserError(
      `its input ${index + 1} is a constant, and a value of the network is expected`,
      UNSUPPORTED,
    );
  }

  /** Throws UserError where the input depends on the image. */
  constant(index: number, what: string): Constant {
    const operand = this.input(index);
    if (operand.kind === 'constant') return operand;
    throw new UserError(
      `${what} depends on the image`,
      'Export a model whose sizes and weights do not depend on what it reads.',
    );
  }

  /** Whole numbers of an input, or of the attribute that held them in older operator sets; undefined where neither is there. */
  numbers(index: number, attribute: string, what: string): readonly number[] | undefined {
    if (this.operands[index]) return Array.from(this.constant(index, what).values);
    return this.list(attribute);
  }

  /** A weight: a constant that has a name and was not computed from others. */
  parameter(index: number, what: string): Constant {
    const constant = this.constant(index, what);
    if (constant.parameter !== undefined) return constant;
    throw new UserError(
      `${what} is computed from other weights`,
      'Weight standardisation and the like have no counterpart here.',
    );
  }

  number(attribute: string, standard: number): number {
    const value = this.node.attributes.get(attribute);
    return typeof value === 'number' ? value : standard;
  }

  text(attribute: string, standard: string): string {
    const value = this.node.attributes.get(attribute);
    return typeof value === 'string' ? value : standard;
  }

  list(attribute: string): readonly number[] | undefined {
    const value = this.node.attributes.get(attribute);
    return Array.isArray(value) ? value : undefined;
  }

  tensor(attribute: string): Constant | undefined {
    const value = this.node.attributes.get(attribute);
    return typeof value === 'object' && 'kind' in value ? value : undefined;
  }

  shapeOf(variable: Variable): Shape {
    return this.sketch.shapeOf(variable);
  }

  /** The same, whose errors name this node whenever they are thrown. */
  within<T>(make: () => T): () => T {
    return () => located(this.node, make);
  }

  /** The value of a node of the sketch, in a view; plainly by default. */
  value(node: number, view: View = plainView(this.sketch.at(node).shape)): Variable {
    return { kind: 'variable', node, view, formula: UNCHANGED };
  }
}

export type PendingVariable<S extends Pending['state']> = Variable & {
  readonly pending: Extract<Pending, { readonly state: S }>;
};

const isPending = <S extends Pending['state']>(
  variable: Variable,
  state: S,
): variable is PendingVariable<S> => variable.pending?.state === state;

const MISREAD: Record<Pending['state'], string> = {
  norms: 'it reads L2 norms, by which only the value that they are of can be divided',
  positions: 'it reads codes of positions, which can only be added to a map of their size',
};

export const PART_OF_ATTENTION = 'it reads a step of linear attention, and is not the next one';

export const UNSUPPORTED =
  'Leave that part out of the exported model, or write it with layers that docs/import.md lists.';

/** What `make` gives. A UserError names the node, unless it names another already. */
export const located = <T>(node: FileNode, make: () => T): T => {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UserError) || error.message.startsWith(NODE)) throw error;
    throw new UserError(`${describeNode(node)}: ${error.message}`, error.remedy);
  }
};

const NODE = 'node ';

/** `node "/layer/Resize" (Resize)` */
const describeNode = ({ name, outputs, operator }: FileNode): string =>
  `${NODE}${shown(name === '' ? (outputs[0] ?? '') : name)} (${visible(operator)})`;
