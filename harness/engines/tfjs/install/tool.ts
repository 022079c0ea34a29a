/** Other people's programs, whose failures become errors for the user. */
import { ExecaError, execa } from 'execa';
import { UserError } from '../../../user/user-error.js';

export interface ToolRun {
  readonly folder: string;
  /** What the program is run for, as the beginning of a sentence. */
  readonly what: string;
  /** What to do where it fails. */
  readonly remedy: string;
}

/** Throws UserError where the program is missing or fails. */
export const runTool = async (
  command: string,
  args: readonly string[],
  { folder, what, remedy }: ToolRun,
): Promise<void> => {
  try {
    await execa(command, args, { cwd: folder });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    if (error.code === 'ENOENT') {
      throw new UserError(
        `${what} needs ${command}, which is not installed.`,
        `Install ${command} and try again.`,
      );
    }
    throw new UserError(`${what} failed: ${errorIn(String(error.stderr)) || error.shortMessage}`, remedy);
  }
};

/** Whether it is there, and ends well. */
export const toolWorks = async (command: string, args: readonly string[]): Promise<boolean> => {
  const { exitCode } = await execa(command, args, { reject: false });
  return exitCode === 0;
};

/** Of all that a program complains of, the error itself: npm, pip, g++ and Node mark its line alike. */
export const errorIn = (complaints: string): string => {
  const lines = complaints.split('\n').map((line) => line.trim());
  return lines.find((line) => /\berror: /i.test(line)) ?? lines.filter(Boolean).at(-1) ?? '';
};
