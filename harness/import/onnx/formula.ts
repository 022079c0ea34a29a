/**
 * What exporters write in place of an activation: GELU as a division, an error function, an addition and two products. The elementwise
 * operations of one value are gathered as one function of it, and an activation is recognised by its values, however it is written.
 */
import { ACTIVATIONS, type ActivationFunction, type Op } from '../../graph/operations/ops.js';

/** A function of one number. */
export type Scalar = (x: number) => number;

/** A function of one number as the operations that compute it, each of what its inputs give. The one without inputs gives the number. */
export interface Formula {
  readonly of: (...values: readonly number[]) => number;
  readonly inputs: readonly Formula[];
  /** Numbers in `of`, near which it may bend. */
  readonly constants: readonly number[];
}

export const IDENTITY: Formula = { of: (x = 0) => x, inputs: [], constants: [] };

/** An operation on one value. */
export interface Step {
  readonly of: Scalar;
  readonly constants: readonly number[];
}

/** The operation after what a formula does. */
export const after = (formula: Formula, { of, constants }: Step): Formula => ({
  of: (x = 0) => of(x),
  inputs: [formula],
  constants,
});

/** 1 / (1 + e^-x) */
const sigmoid: Scalar = (x) => 1 / (1 + Math.exp(-x));

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

/** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: within 1.5e-7. */
const erf: Scalar = (x) => {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const sum = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].reduce(
    (inner, factor) => inner * t + factor,
    0,
  );
  return Math.sign(x) * (1 - sum * t * Math.exp(-x * x));
};

/** ONNX operators of one value without attributes. */
export const UNARY = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Cos: Math.cos,
  Erf: erf,
  Exp: Math.exp,
  Floor: Math.floor,
  HardSwish: (x) => x * clamp(x / 6 + 0.5, 0, 1),
  Log: Math.log,
  Mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  Neg: (x) => -x,
  Reciprocal: (x) => 1 / x,
  Relu: (x) => Math.max(x, 0),
  Sigmoid: sigmoid,
  Sin: Math.sin,
  Softplus: (x) => Math.log1p(Math.exp(x)),
  Softsign: (x) => x / (1 + Math.abs(x)),
  Sqrt: Math.sqrt,
  Tanh: Math.tanh,
} as const satisfies Readonly<Record<string, Scalar>>;

const VALUES: Record<ActivationFunction, Scalar> = {
  relu: UNARY.Relu,
  relu6: (x) => clamp(x, 0, 6),
  silu: (x) => x * sigmoid(x),
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  'hard-swish': UNARY.HardSwish,
  'hard-sigmoid': (x) => clamp(x / 6 + 0.5, 0, 1),
  sigmoid,
};

/** Of both signs: evenly up to 10, and in steps of 2 % from a millionth to a million. */
const SAMPLES: readonly number[] = [
  ...Array.from({ length: 160 }, (_, i) => i / 16 + 0.013),
  ...Array.from({ length: 1397 }, (_, i) => 1e-6 * 1.02 ** i),
].flatMap((x) => [x, -x]);

/** Of a constant. */
const NEAR = [0.99, 0.999, 1, 1.001, 1.01].flatMap((share) => [share, -share]);

/** Constants of formulas are float32. The tanh approximation of GELU is 100 times as far from GELU. */
const TOLERANCE = 1e-6;

const LARGEST_FLOAT32 = 2 ** 128 - 2 ** 104;

/** Where a formula is compared: everywhere, and near the constants in it, whether or not a limit of float32 is one. */
const samplesOf = (formula: Formula): Float64Array =>
  Float64Array.from([
    ...SAMPLES,
    ...constantsOf(formula)
      .flatMap((constant) => NEAR.map((share) => share * constant))
      .filter((x) => Math.abs(x) >= TOLERANCE && Math.abs(x) <= LARGEST_FLOAT32),
  ]);

const constantsOf = (formula: Formula): readonly number[] =>
  [...partsOf(formula)].flatMap(({ constants }) => constants);

/** A formula and those that it is made of, each once, however many of them read it, and after its inputs. */
const partsOf = (formula: Formula, parts = new Set<Formula>()): ReadonlySet<Formula> => {
  if (parts.has(formula)) return parts;
  for (const input of formula.inputs) partsOf(input, parts);
  return parts.add(formula);
};

export const operationsIn = (formula: Formula): number => partsOf(formula).size - 1;

const valuesOf = (formula: Formula, samples: Float64Array): Float64Array => {
  const known = new Map([[IDENTITY, samples]]);
  for (const part of partsOf(formula)) {
    if (part === IDENTITY) continue;
    const [first = samples, second = samples] = part.inputs.flatMap((input) => known.get(input) ?? []);
    known.set(
      part,
      samples.map((_, i) => part.of(first[i] ?? 0, second[i] ?? 0)),
    );
  }
  return known.get(formula) ?? samples;
};

export const valueAt = (formula: Formula, x: number): number =>
  valuesOf(formula, Float64Array.of(x))[0] ?? Number.NaN;

/** What a formula gives at its samples. */
interface Sampled {
  readonly samples: Float64Array;
  readonly values: Float64Array;
}

/** To within what rounding its constants makes of the larger value at both signs: ReLU is 0 below 0, to within a share of its input. */
const agree = (known: Scalar, { samples, values }: Sampled): boolean =>
  samples.every((x, i) => {
    const expected = known(x);
    const scale = Math.max(Math.abs(expected), Math.abs(known(-x)));
    return Math.abs((values[i] ?? Number.NaN) - expected) <= TOLERANCE * scale;
  });

/** An operation that computes a function of every value. */
export type Elementary = Op<'activation' | 'leakyRelu' | 'times'>;

/** What a formula computes: the value itself, one operation on it, or null where it is neither. */
export const recognised = (formula: Formula): Recognised => {
  const known = RECOGNISED.get(formula);
  if (known !== undefined) return known;
  const found = compared(formula);
  RECOGNISED.set(formula, found);
  return found;
};

type Recognised = 'identity' | Elementary | null;

const RECOGNISED = new WeakMap<Formula, Recognised>([[IDENTITY, 'identity']]);

const compared = (formula: Formula): Recognised => {
  const samples = samplesOf(formula);
  const sampled = { samples, values: valuesOf(formula, samples) };
  if (agree((x) => x, sampled)) return 'identity';
  const activation = ACTIVATIONS.find((name) => agree(VALUES[name], sampled));
  if (activation !== undefined) return { kind: 'activation', function: activation };
  const [below, above] = [rounded(-valueAt(formula, -1)), rounded(valueAt(formula, 1))];
  if (below > 0 && below < 1 && agree(leakyRelu(below).of, sampled)) {
    return { kind: 'leakyRelu', slope: below };
  }
  return agree((x) => above * x, sampled) ? { kind: 'times', factor: above } : null;
};

/** Files hold float32: 0.1 is 0.10000000149 there. */
const rounded = (value: number): number => Number(value.toPrecision(7));

/** Whether a formula is complete: what follows is another operation. A product with a number may be the beginning of an activation. */
export const isActivation = (formula: Formula): boolean => {
  const found = recognised(formula);
  return found !== null && found !== 'identity' && found.kind !== 'times';
};

export const hardSigmoid = (alpha: number, beta: number): Step => ({
  of: (x) => clamp(alpha * x + beta, 0, 1),
  constants: [beta / alpha, (1 - beta) / alpha],
});

export const leakyRelu = (slope: number): Step => ({ of: (x) => (x < 0 ? slope * x : x), constants: [] });

/** Binary operators of ONNX on numbers. */
export const BINARY = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
  Min: (a, b) => Math.min(a, b),
  Max: (a, b) => Math.max(a, b),
} as const satisfies Readonly<Record<string, (a: number, b: number) => number>>;

export type BinaryOperator = keyof typeof BINARY;

/** GELU with the tanh approximation, which is another function. */
export const geluTanh: Scalar = (x) =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

export const gelu = VALUES.gelu;

export const clip = (low: number, high: number): Step => ({
  of: (x) => clamp(x, low, high),
  constants: [low, high],
});
