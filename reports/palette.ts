/**
 * Colours, each with its counterpart on a dark page. Candidates: four of Okabe and Ito (2008), a dark blue and a brown; told apart
 * under protanopia, deuteranopia and tritanopia, and at least 3:1 against the page. Colour, shape and dash change from one candidate to the next:
 * six colours and seven shapes make 42 combinations.
 */
export interface Ink {
  readonly light: string;
  readonly dark: string;
}

export const CANDIDATE_INKS: readonly Ink[] = [
  { light: '#0072b2', dark: '#3d97dc' },
  { light: '#d55e00', dark: '#f0802f' },
  { light: '#009e73', dark: '#2ad1a5' },
  { light: '#cc79a7', dark: '#d27fb4' },
  { light: '#1b2440', dark: '#f1f4fa' },
  { light: '#7a3f0d', dark: '#97613f' },
];

/** Outlines in the square from -1 to 1: of Vega symbols, and of the keys on the page. */
export const SHAPES = [
  'M-1,0A1,1,0,1,1,1,0A1,1,0,1,1,-1,0Z',
  'M-0.88,-0.88H0.88V0.88H-0.88Z',
  'M0,-1.1L1.05,0.8H-1.05Z',
  'M0,-1.2L1.1,0L0,1.2L-1.1,0Z',
  'M0,1.1L1.05,-0.8H-1.05Z',
  'M-0.35,-1H0.35V-0.35H1V0.35H0.35V1H-0.35V0.35H-1V-0.35H-0.35Z',
  'M-1.1,0L0.8,-1.05V1.05Z',
] as const;

const DASHES: readonly (readonly [number, number])[] = [
  [1, 0],
  [6, 2],
  [2, 2],
  [8, 4],
  [4, 1],
  [1, 3],
  [10, 2],
];

export interface Look {
  readonly color: string;
  readonly shape: string;
  readonly dash: readonly [number, number];
}

/** Looks in the order of the plan; the same wherever the candidate is shown. */
export const lookOf = (index: number): Look => ({
  color: at(CANDIDATE_INKS, index).light,
  shape: at(SHAPES, index),
  dash: at(DASHES, index),
});

/** Fills of areas that carry dark text, after Paul Tol's light scheme; the same on a dark page. */
export const KIND_COLORS = {
  pointwise: '#77aadd',
  depthwise: '#ee8866',
  convolution: '#bbcc33',
  linear: '#eedd88',
  attention: '#44bb99',
  normalization: '#ffaabb',
  other: '#dddddd',
} as const;

/** From nothing to the largest share, for areas that carry dark text; the same on a dark page. */
export const HEAT = ['#e4eef9', '#5c9fdb'] as const;

export const INKS = {
  text: { light: '#20262e', dark: '#e6e9ee' },
  muted: { light: '#5b6573', dark: '#a0aab8' },
  rule: { light: '#98a1ae', dark: '#69727f' },
  grid: { light: '#e6e9ed', dark: '#2b3138' },
  band: { light: '#edeff2', dark: '#22272e' },
  better: { light: '#0a6ebd', dark: '#2874b5' },
  worse: { light: '#b94e09', dark: '#b8511a' },
  tie: { light: '#6b7480', dark: '#68717d' },
  undecided: { light: '#dfe3e8', dark: '#333a43' },
} as const satisfies Record<string, Ink>;

/** Text inside a filled area, on any page. */
export const ON_PALE = '#1a1d22';
export const ON_STRONG = '#ffffff';

const at = <T>(values: readonly T[], index: number): T => {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('An empty palette has no colours.');
  return value;
};
