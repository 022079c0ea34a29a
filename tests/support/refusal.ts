import { UserError } from '../../harness/user/user-error.js';

/** The message and remedy of the UserError that an action ends in. Throws where it ends in anything else. */
export const refusalOf = async (action: () => unknown): Promise<string> => {
  try {
    await action();
  } catch (error) {
    if (error instanceof UserError) return `${error.message} ${error.remedy}`;
    throw error;
  }
  throw new Error('Nothing was refused.');
};
