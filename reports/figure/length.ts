/** Lengths on paper and on screens, as CSS writes them. */
export interface Length {
  readonly value: number;
  readonly unit: LengthUnit;
}

/** How many of each are an inch. */
export const UNITS_PER_INCH = { in: 1, cm: 2.54, mm: 25.4, pt: 72, px: 96 } as const;

export type LengthUnit = keyof typeof UNITS_PER_INCH;

export const inchesOf = ({ value, unit }: Length): number => value / UNITS_PER_INCH[unit];
