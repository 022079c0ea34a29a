/** Elementwise operators of a value and a constant, and of two values. */
import type { Op } from '../../../graph/operations/ops.js';
import { elementCount, isMap } from '../../../graph/shape.js';
import { UserError } from '../../../user/user-error.js';
import { UNCHANGED } from '../elementwise.js';
import {
  BINARY,
  type BinaryOperator,
  type Formula,
  isActivation,
  leakyRelu as leakyReluOf,
  type Scalar,
} from '../formula.js';
import { type Constant, isModulesParameter, type Operand, type Variable } from '../operand.js';
import { PART_OF_ATTENTION, type Rule, type Site, UNSUPPORTED } from '../site.js';
import { isSameView } from '../view.js';
import { applied, functionOf } from './activation.js';
import { scaled, withBias } from './affine.js';
import { broadcast, inChannelOrder, sameRank, withoutPixels, withPixel } from './broadcast.js';
import { ofNorms } from './l2-norm.js';
import { quotientOfSteps, sumOfStep } from './linear-attention.js';
import { ofPositions } from './positions.js';

export const binary =
  (operator: BinaryOperator): Rule =>
  (site) => {
    const [above, below] = [site.step(0), site.step(1)];
    if (above ?? below) return ofSteps(site, operator, above, below);
    for (const place of [0, 1]) {
      const [norms, positions] = [site.pending(place, 'norms'), site.pending(place, 'positions')];
      if (norms) return ofNorms(site, operator, norms.pending, place);
      if (positions) return ofPositions(site, operator, positions, place);
    }
    const operands = [site.input(0), site.input(1)] as const;
    const [a, b] = operands;
    if (a.kind === 'variable' && b.kind === 'variable') return ofTwo(site, operator, a, b);
    if (a.kind === 'constant' && b.kind === 'constant') throw new RangeError('Constants are folded before.');
    const [index, constant] = a.kind === 'constant' ? ([1, a] as const) : ([0, b as Constant] as const);
    return withConstant(site, operator, index, constant);
  };

const ofSteps = (
  site: Site,
  operator: BinaryOperator,
  first: Variable | undefined,
  second: Variable | undefined,
): Variable => {
  if (operator === 'Div' && first && second) return quotientOfSteps(site, first, second);
  const [step, other] = first ? [first, 1] : [second, 0];
  const { values } = site.constant(other, 'what is added to a step of linear attention');
  if (operator === 'Add' && step && values.length === 1) return sumOfStep(step, values[0] ?? 0);
  throw new UserError(PART_OF_ATTENTION, UNSUPPORTED);
};

export const sum: Rule = (site) =>
  site.inputs
    .slice(1)
    .reduce<Operand>(
      (total, _, i) => ofTwo(site, 'Add', asVariable(total), site.variable(i + 1)),
      site.variable(0),
    );

const asVariable = (operand: Operand): Variable => {
  if (operand.kind === 'variable') return operand;
  throw new UserError('it adds a constant', UNSUPPORTED);
};

const withConstant = (site: Site, operator: BinaryOperator, index: 0 | 1, constant: Constant): Variable => {
  const variable = site.variable(index);
  const [only = 0] = Array.from(constant.values);
  if (constant.values.length === 1 && !isModulesParameter(constant)) {
    const of = BINARY[operator];
    const withOnly: Scalar = index === 0 ? (x) => of(x, only) : (x) => of(only, x);
    return applied(site, variable, { of: withOnly, constants: [only] });
  }
  const isWeight = constant.values.length === 1 || isPerGroup(site, variable, constant);
  if (constant.parameter !== undefined && isWeight) {
    const settled = { ...variable, node: site.sketch.settle(variable), formula: UNCHANGED };
    if (operator === 'Mul') return scaled(site, index, constant);
    const biased =
      operator === 'Add' && settled.node === variable.node ? withBias(site, index, constant) : undefined;
    if (biased) return biased;
  }
  throw new UserError(
    `it takes a constant of ${constant.shape.join('x')} ${constant.parameter === undefined ? '' : `(${constant.parameter}) `}`.trim(),
    'A constant may be a factor for each channel, the bias of a layer before it, or part of an activation.',
  );
};

/** One value for each channel, or for each group of neighbouring ones, in their order, along their dimension. */
const isPerGroup = (site: Site, variable: Variable, { shape, values }: Constant): boolean => {
  const { view } = variable;
  const [channels] = site.shapeOf(variable);
  const aligned = [...Array<number>(Math.max(0, view.length - shape.length)).fill(1), ...shape];
  const groups = [{ axis: 'c', size: values.length, stride: channels / values.length }];
  return (
    aligned.length === view.length &&
    aligned.every((size, axis) => size === 1 || JSON.stringify(view[axis]) === JSON.stringify(groups))
  );
};

const isPerChannel = (site: Site, variable: Variable, constant: Constant): boolean =>
  constant.values.length === site.shapeOf(variable)[0] && isPerGroup(site, variable, constant);

const ofTwo = (site: Site, operator: BinaryOperator, a: Variable, b: Variable): Variable => {
  const rebased = b.node === a.node ? [a, b] : onOneBase(site, a, b);
  const [first = a, second = b] = rebased;
  if (first.node === second.node && isSameView(first.view, second.view)) {
    const of = BINARY[operator];
    const computes: Formula = {
      of: (x = 0, y = 0) => of(x, y),
      inputs: [first.formula.computes, second.formula.computes],
      constants: [],
    };
    return functionOf(site, first, computes, () => joined(site, operator, first, second).node);
  }
  return joined(site, operator, first, second);
};

/** Where one is a function of what the other gives, both as functions of that. */
const onOneBase = (site: Site, a: Variable, b: Variable): readonly [Variable, Variable] => {
  const isNode = ({ formula }: Variable): boolean => isActivation(formula.computes);
  const based = (variable: Variable): Variable => ({
    ...variable,
    node: site.sketch.settle(variable),
    formula: UNCHANGED,
  });
  if (isNode(a) && based(a).node === b.node) return [based(a), b];
  if (isNode(b) && based(b).node === a.node) return [a, based(b)];
  return [a, b];
};

const joined = (site: Site, operator: BinaryOperator, a: Variable, b: Variable): Variable => {
  if (operator === 'Sub') return joined(site, 'Add', a, negative(site, b));
  if (operator !== 'Add' && operator !== 'Mul') {
    throw new UserError(
      'both its inputs depend on the image',
      'Two values can be added, subtracted or multiplied.',
    );
  }
  const op: Op<'add' | 'mul'> = { kind: operator === 'Add' ? 'add' : 'mul' };
  const [x, y] = [site.sketch.settle(a), site.sketch.settle(b)];
  const [left, right] = [site.sketch.at(x).shape, site.sketch.at(y).shape];
  const isSameShape = JSON.stringify(left) === JSON.stringify(right);
  const [viewA, viewB] = sameRank(a.view, b.view);
  if (isSameShape && isSameView(viewA, viewB))
    return site.value(site.sketch.add(site.path(), op, [x, y]), viewA);
  if (isMap(left) && isMap(right) && left[0] === right[0]) {
    if (right[1] * right[2] === 1 && isSameView(withoutPixels(viewA), viewB))
      return site.value(withPixel(site, op, x, y), viewA);
    if (left[1] * left[2] === 1 && isSameView(withoutPixels(viewB), viewA))
      return site.value(withPixel(site, op, y, x), viewB);
  }
  const turned = isMap(left) && isMap(right) ? inChannelOrder(site, viewA, { node: y, view: viewB }) : null;
  if (turned && right[0] === left[0] && elementCount(right.slice(1)) === 1)
    return site.value(withPixel(site, op, x, turned), viewA);
  const product = op.kind === 'mul' ? (broadcast(site, a, b) ?? broadcast(site, b, a)) : null;
  if (product) return product;
  const maps = [a, b].map((one) => site.sketch.asMap(one, site.path()));
  const [one = x, other = y] = maps;
  const [p, q] = [site.sketch.at(one).shape, site.sketch.at(other).shape];
  const isSmaller = elementCount(p) < elementCount(q);
  return site.value(site.sketch.add(site.path(), op, isSmaller ? [other, one] : [one, other]));
};

const negative = (site: Site, given: Variable): Variable => {
  const path = `${site.path()}_negative`;
  return site.value(
    site.sketch.add(path, { kind: 'times', factor: -1 }, [site.sketch.settle(given)]),
    given.view,
  );
};

/** A slope that is no weight is that of a leaky ReLU. */
export const prelu: Rule = (site) => {
  const slope = site.constant(1, 'its slope');
  const given = site.variable(0);
  const isOne = slope.values.length === 1;
  if (isOne && !isModulesParameter(slope)) return applied(site, given, leakyReluOf(slope.values[0] ?? 0));
  if (!isOne && !isPerChannel(site, given, slope)) {
    throw new UserError('it has slopes along something other than the channels', UNSUPPORTED);
  }
  const x = site.sketch.settle(given);
  if (!isMap(site.sketch.at(x).shape)) throw new UserError('it reads the features of a vector', UNSUPPORTED);
  const op = { kind: 'prelu', perChannel: !isOne } as const;
  const weights = { weight: () => Float32Array.from(site.parameter(1, 'its slope').values) };
  return site.value(site.sketch.add(site.path(slope), op, [x], weights), given.view);
};
