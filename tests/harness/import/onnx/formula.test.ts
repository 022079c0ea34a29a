/** Which functions of one value are taken for an operation: those that are it wherever a value may lie, and no others. */
import { describe, expect, it } from 'vitest';
import {
  after,
  BINARY,
  clip,
  type Formula,
  geluTanh,
  hardSigmoid,
  IDENTITY,
  leakyRelu,
  recognised,
  type Scalar,
  UNARY,
} from '../../../../harness/import/onnx/formula.js';

const plain = (of: Scalar, formula: Formula = IDENTITY): Formula => after(formula, { of, constants: [] });

const withNumber = (operator: keyof typeof BINARY, formula: Formula, number: number): Formula =>
  after(formula, { of: (x) => BINARY[operator](x, number), constants: [number] });

const ofTwo = (operator: keyof typeof BINARY, a: Formula, b: Formula): Formula => ({
  of: (x = 0, y = 0) => BINARY[operator](x, y),
  inputs: [a, b],
  constants: [],
});

const relu = (formula: Formula): Formula => plain(UNARY.Relu, formula);
const scaledBy = (factor: number, of: Scalar): Formula => withNumber('Mul', plain(of), factor);

const activation = (name: string) => ({ kind: 'activation', function: name });

/** As float32 holds it. */
const third = Math.fround(1 / 3);
const sixth = Math.fround(1 / 6);
const root = Math.fround(Math.SQRT2);

const KNOWN: readonly (readonly [string, Formula, unknown])[] = [
  ['a ReLU', relu(IDENTITY), activation('relu')],
  ['a ReLU as a limit below', after(IDENTITY, clip(0, Number.POSITIVE_INFINITY)), activation('relu')],
  [
    'a ReLU up to the largest float32',
    after(IDENTITY, clip(0, Math.fround(3.4028235e38))),
    activation('relu'),
  ],
  ['a ReLU6', after(IDENTITY, clip(0, 6)), activation('relu6')],
  [
    'a ReLU6 as a difference',
    ofTwo('Sub', relu(IDENTITY), relu(withNumber('Sub', IDENTITY, 6))),
    activation('relu6'),
  ],
  ['a SiLU', ofTwo('Mul', IDENTITY, plain(UNARY.Sigmoid)), activation('silu')],
  [
    'a SiLU as a quotient',
    ofTwo('Div', IDENTITY, withNumber('Add', plain(UNARY.Exp, plain(UNARY.Neg)), 1)),
    activation('silu'),
  ],
  [
    'a GELU',
    withNumber(
      'Mul',
      ofTwo('Mul', IDENTITY, withNumber('Add', plain(UNARY.Erf, withNumber('Div', IDENTITY, root)), 1)),
      0.5,
    ),
    activation('gelu'),
  ],
  [
    'a hard-swish',
    ofTwo('Mul', IDENTITY, withNumber('Div', after(withNumber('Add', IDENTITY, 3), clip(0, 6)), 6)),
    activation('hard-swish'),
  ],
  [
    'a hard-swish by a hard sigmoid',
    ofTwo('Mul', IDENTITY, after(IDENTITY, hardSigmoid(sixth, 0.5))),
    activation('hard-swish'),
  ],
  [
    'a hard sigmoid',
    withNumber('Mul', after(withNumber('Add', IDENTITY, 3), clip(0, 6)), sixth),
    activation('hard-sigmoid'),
  ],
  [
    'a sigmoid by a hyperbolic tangent',
    withNumber('Add', withNumber('Mul', plain(Math.tanh, withNumber('Mul', IDENTITY, 0.5)), 0.5), 0.5),
    activation('sigmoid'),
  ],
  ['a leaky ReLU', after(IDENTITY, leakyRelu(Math.fround(0.1))), { kind: 'leakyRelu', slope: 0.1 }],
  [
    'a leaky ReLU as a maximum',
    ofTwo('Max', IDENTITY, withNumber('Mul', IDENTITY, 0.25)),
    { kind: 'leakyRelu', slope: 0.25 },
  ],
  ['a small factor', withNumber('Mul', IDENTITY, 1e-6), { kind: 'times', factor: 1e-6 }],
  ['a product with three thirds', withNumber('Mul', withNumber('Mul', IDENTITY, third), 3), 'identity'],
];

const OTHERS: readonly (readonly [string, Formula])[] = [
  ['a ReLU up to 10', after(IDENTITY, clip(0, 10))],
  ['a limit of 10 on both sides', after(IDENTITY, clip(-10, 10))],
  ['a ReLU up to ten million', after(IDENTITY, clip(0, 1e7))],
  ['a ReLU up to 9 as a difference', ofTwo('Sub', relu(IDENTITY), relu(withNumber('Sub', IDENTITY, 9)))],
  ['a small hyperbolic tangent', scaledBy(1e-6, Math.tanh)],
  ['a small Mish', scaledBy(1e-6, UNARY.Mish)],
  ['a small offset', withNumber('Add', IDENTITY, 1e-5)],
  ['a ReLU with a small wave', ofTwo('Add', relu(IDENTITY), scaledBy(1e-5, Math.sin))],
  [
    'a narrow bump far away',
    ofTwo('Add', IDENTITY, relu(withNumber('Sub', after(IDENTITY, clip(4999, 5001)), 5000))),
  ],
  ['GELU by a hyperbolic tangent', plain(geluTanh)],
];

describe('a formula', () => {
  it.each(KNOWN)('that is %s is recognised', (_what, formula, expected) => {
    expect(recognised(formula)).toEqual(expected);
  });

  it.each(OTHERS)('that is %s is no operation', (_what, formula) => {
    expect(recognised(formula)).toBeNull();
  });
});
