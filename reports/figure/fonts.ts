/** Fonts that look alike and are equally wide, by the names that people ask for: where one is missing, the next stands in. */
const ALIKE: readonly (readonly string[])[] = [
  ['Times', 'Times New Roman', 'Nimbus Roman', 'TeX Gyre Termes', 'Tinos', 'Liberation Serif'],
  ['Helvetica', 'Arial', 'Nimbus Sans', 'TeX Gyre Heros', 'Arimo', 'Liberation Sans'],
  ['Courier', 'Courier New', 'Nimbus Mono PS', 'TeX Gyre Cursor', 'Cousine', 'Liberation Mono'],
];

/** The font and what may stand in for it, as CSS lists them. */
export const fontStack = (font: string): string =>
  familiesOf(font)
    .map((family) => (/^[A-Za-z-]+$/.test(family) ? family : `"${family.replaceAll('"', '')}"`))
    .join(', ');

/** Names of families, in the order in which they are tried. */
export const familiesOf = (font: string): readonly string[] => {
  const named = font.split(',').map((name) => name.trim().replace(/^["']|["']$/g, ''));
  const alike = ALIKE.find((names) => names.some((name) => name.toLowerCase() === named[0]?.toLowerCase()));
  return [...new Set([...named, ...(alike ?? [])])];
};
