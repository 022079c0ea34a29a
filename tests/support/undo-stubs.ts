/** Test files of a worker share one process: a variable or a method that a test replaces is back before the next begins. */
import { afterEach, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
