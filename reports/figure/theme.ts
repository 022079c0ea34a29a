/** The looks of a figure: as on the page, for dark slides, or for paper. Specs hold the colours of the light page. */
import { CANDIDATE_INKS, INKS, type Ink } from '../palette.js';

export const THEMES = ['light', 'dark', 'print'] as const;

export type Theme = (typeof THEMES)[number];

interface Look {
  readonly background: string;
  /** By the colour on a light page; what is not named stays. */
  readonly inks: ReadonlyMap<string, string>;
}

const ALL_INKS: readonly Ink[] = [...CANDIDATE_INKS, ...Object.values(INKS)];

const LOOKS: Readonly<Record<Theme, Look>> = {
  light: { background: '#ffffff', inks: new Map() },
  dark: { background: '#14171c', inks: new Map(ALL_INKS.map(({ light, dark }) => [light, dark])) },
  print: {
    background: 'transparent',
    inks: new Map([
      [INKS.text.light, '#000000'],
      [INKS.muted.light, '#000000'],
      [INKS.rule.light, '#666666'],
    ]),
  },
};

export const backgroundOf = (theme: Theme): string => LOOKS[theme].background;

/** The same value in the colours of the theme. Only what stands where colours stand is one: a candidate may be named `#0072b2`. */
export const inTheme = <T>(value: T, theme: Theme): T => recoloured(value, LOOKS[theme].inks, '') as T;

const COLOR_KEYS = /^(range|value|fill|stroke|color)$|Color$|Fill$|Stroke$/;

const recoloured = (value: unknown, inks: Look['inks'], key: string): unknown => {
  if (typeof value === 'string') return (COLOR_KEYS.test(key) && inks.get(value)) || value;
  if (Array.isArray(value)) return value.map((each) => recoloured(each, inks, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, recoloured(each, inks, name)]),
  );
};
