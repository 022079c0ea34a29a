import { execa } from 'execa';

/** Makes a named pipe that nobody writes to: whoever opens it to read waits for ever. */
export const makeNamedPipe = async (path: string): Promise<void> => {
  await execa('mkfifo', [path]);
};
