/** The ending of a file decides what figure it holds. */
import { FIGURE_FORMATS, type FigureFormat } from '../../../reports/figure/formats.js';
import { UserError } from '../../user/user-error.js';

const FORMATS = Object.keys(FIGURE_FORMATS) as readonly FigureFormat[];

export const ENDINGS = FORMATS.map((format) => `.${format}`).join(', ');

/** Throws UserError where it is no figure's. */
export const figureFormatOf = (file: string): FigureFormat => {
  const format = FORMATS.find((one) => file.toLowerCase().endsWith(`.${one}`));
  if (format !== undefined) return format;
  throw new UserError(
    `${file} does not end with ${ENDINGS}.`,
    'The ending decides the format: name a file such as figure.pdf.',
  );
};
