import { describe, expect, it } from 'vitest';
import {
  CANDIDATE_INKS,
  HEAT,
  INKS,
  KIND_COLORS,
  lookOf,
  ON_PALE,
  ON_STRONG,
} from '../../reports/palette.js';
import { contrast, difference, VISION } from '../support/color.js';

const PAGES = { light: '#ffffff', dark: '#14171c' } as const;
const MODES = ['light', 'dark'] as const;

describe.each(MODES)('the colours of candidates on a %s page', (mode) => {
  const colors = CANDIDATE_INKS.map((ink) => ink[mode]);

  it('stand out from the page: at least 3:1, as WCAG 1.4.11 asks of graphics', () => {
    for (const color of colors) expect(contrast(color, PAGES[mode])).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(VISION))('can be told apart with %s vision', (_name, vision) => {
    for (const [index, a] of colors.entries()) {
      for (const b of colors.slice(index + 1)) expect(difference(a, b, vision)).toBeGreaterThan(0.05);
    }
  });
});

describe.each(MODES)('text on a %s page', (mode) => {
  it('has a contrast of at least 4.5:1', () => {
    for (const name of ['text', 'muted'] as const) {
      expect(contrast(INKS[name][mode], PAGES[mode])).toBeGreaterThanOrEqual(4.5);
    }
    for (const name of ['better', 'worse', 'tie'] as const) {
      expect(contrast(ON_STRONG, INKS[name][mode])).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(INKS.text[mode], INKS.undecided[mode])).toBeGreaterThanOrEqual(4.5);
  });
});

it('text on the areas of kinds and shares has a contrast of at least 4.5:1', () => {
  for (const color of [...Object.values(KIND_COLORS), ...HEAT]) {
    expect(contrast(ON_PALE, color)).toBeGreaterThanOrEqual(4.5);
  }
});

it('forty candidates differ in colour or shape, and in colour or dash', () => {
  const looks = Array.from({ length: 40 }, (_, index) => lookOf(index));
  expect(new Set(looks.map(({ color, shape }) => color + shape)).size).toBe(40);
  expect(new Set(looks.map(({ color, dash }) => color + dash.join())).size).toBe(40);
});

it('no two meanings share a colour: on a dark page, marks get theirs by the one that they were drawn in', () => {
  const drawn = [...CANDIDATE_INKS, ...Object.values(INKS)].map(({ light }) => light);
  expect(new Set(drawn).size).toBe(drawn.length);
});
