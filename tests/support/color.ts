/** Colours as people see them: contrast, and difference under colour-vision deficiencies. */

type Vector = readonly [number, number, number];
type Matrix = readonly [Vector, Vector, Vector];

/** WCAG 2 contrast ratio, 1 to 21. */
export const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(linear(a)), luminance(linear(b))].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};

/** Machado, Oliveira and Fernandes (2009), severity 1; for linear RGB. */
export const VISION = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
} as const satisfies Record<string, Matrix>;

/** Distance in OKLab, about 1 between black and white. */
export const difference = (a: string, b: string, vision: Matrix): number => {
  const [left, right] = [a, b].map((color) => oklab(apply(vision, linear(color)))) as [Vector, Vector];
  return Math.hypot(left[0] - right[0], left[1] - right[1], left[2] - right[2]);
};

const linear = (hex: string): Vector => {
  const channel = (start: number): number => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};

const luminance = ([r, g, b]: Vector): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

const apply = (matrix: Matrix, vector: Vector): Vector => {
  const row = ([x, y, z]: Vector) => x * vector[0] + y * vector[1] + z * vector[2];
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

/** Ottosson (2020). */
const oklab = (rgb: Vector): Vector => {
  const [l, m, s] = apply(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map(Math.cbrt) as [number, number, number];
  return apply(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [l, m, s],
  );
};
