/** What a cell is sorted by. */
type Key = number | string | null;

/** The number that a text begins with, without the commas of thousands; null where there is nothing. */
export const keyOf = (text: string): Key => {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === '–') return null;
  const number = /^[+−-]?[\d,]*\.?\d+(?:e[+-]?\d+)?/.exec(trimmed)?.[0];
  return number === undefined ? trimmed : Number(number.replaceAll(',', '').replace('−', '-'));
};

/** What is missing stands last, whichever way. */
export const compareKeys = (a: Key, b: Key, sign: 1 | -1): number => {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return (
    sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en'))
  );
};
