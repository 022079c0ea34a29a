/** Numbers as people read them. */
const GROUPED = new Intl.NumberFormat('en-US');

/** `3,504,872`. */
export const grouped = (value: number): string => GROUPED.format(value);

/** `300.8 M`: four significant digits and the thousands they stand for. */
export const short = (value: number): string => {
  const [size, unit] = UNITS.find(([limit]) => Math.abs(value) >= limit) ?? [1, ''];
  return `${Number((value / size).toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;
};

const UNITS: readonly (readonly [size: number, unit: string])[] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** Of 1024 bytes, as the memory of chips is sold. */
export const kilobytes = (bytes: number): string => `${grouped(Math.ceil(bytes / 1024))} kB`;

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** `1 min 05 s`. */
export const duration = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
  return minutes > 0 ? `${minutes} min ${String(rest).padStart(2, '0')} s` : `${rest} s`;
};
