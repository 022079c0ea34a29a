import { UserError } from '../../user/user-error.js';
import { shown } from '../domain.js';

/** The path of what has this name within another, empty at the top. Throws UserError where it is no name. */
export const pathWithin = (path: string, name: string | number): string => {
  const text = String(name);
  if (!NAME.test(text)) {
    throw new UserError(
      `${shown(name)} is not a valid name${path === '' ? '' : ` in ${path}`}.`,
      'Use letters, digits, - and _; dots may join words.',
    );
  }
  return path === '' ? text : `${path}.${text}`;
};

const NAME = /^[\w-]+(\.[\w-]+)*$/;
