/**
 * What exporters write in place of an activation: GELU as a division, an error function, an addition and two products. The elementwise
 * operations of one value are gathered as one function of it, and an activation is recognised by its values, however it is written.
 */
import { ACTIVATIONS, type ActivationFunction, type Op } from '../../graph/ops.js';

/** A function of one number. */
export type Formula = (x: number) => number;

export const identity: Formula = (x) => x;

/** 1 / (1 + e^-x) */
const sigmoid: Formula = (x) => 1 / (1 + Math.exp(-x));

const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

/** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: within 1.5e-7. */
const erf: Formula = (x) => {
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
} as const satisfies Readonly<Record<string, Formula>>;

const VALUES: Record<ActivationFunction, Formula> = {
  relu: UNARY.Relu,
  relu6: (x) => clamp(x, 0, 6),
  silu: (x) => x * sigmoid(x),
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  'hard-swish': UNARY.HardSwish,
  'hard-sigmoid': (x) => clamp(x / 6 + 0.5, 0, 1),
  sigmoid,
};

/** From -8 to 8, where every activation bends. */
const SAMPLES = Array.from({ length: 97 }, (_, i) => (i - 48) / 6 + 0.013);

/** Constants of formulas are float32. The tanh approximation of GELU is 20 times as far from GELU. */
const TOLERANCE = 2e-5;

const agree = (a: Formula, b: Formula): boolean => SAMPLES.every((x) => Math.abs(a(x) - b(x)) <= TOLERANCE);

/** An operation that computes a function of every value. */
export type Elementary = Op<'activation' | 'leakyRelu' | 'times'>;

/** What a formula computes: the value itself, one operation on it, or null where it is neither. */
export const recognised = (formula: Formula): 'identity' | Elementary | null => {
  if (formula === identity || agree(formula, identity)) return 'identity';
  const activation = ACTIVATIONS.find((name) => agree(VALUES[name], formula));
  if (activation !== undefined) return { kind: 'activation', function: activation };
  const [below, above] = [rounded(-formula(-1)), rounded(formula(1))];
  if (agree(leakyRelu(below), formula) && below > 0 && below < 1) return { kind: 'leakyRelu', slope: below };
  return agree((x) => above * x, formula) ? { kind: 'times', factor: above } : null;
};

/** Files hold float32: 0.1 is 0.10000000149 there. */
const rounded = (value: number): number => Number(value.toPrecision(7));

/** Whether a formula is complete: what follows is another operation. A product with a number may be the beginning of an activation. */
export const isActivation = (formula: Formula): boolean => {
  const found = recognised(formula);
  return found !== null && found !== 'identity' && found.kind !== 'times';
};

export const hardSigmoid =
  (alpha: number, beta: number): Formula =>
  (x) =>
    clamp(alpha * x + beta, 0, 1);

export const leakyRelu =
  (slope: number): Formula =>
  (x) =>
    x < 0 ? slope * x : x;

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
export const geluTanh: Formula = (x) =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

export const gelu = VALUES.gelu;

export const clip =
  (low: number, high: number): Formula =>
  (x) =>
    clamp(x, low, high);
