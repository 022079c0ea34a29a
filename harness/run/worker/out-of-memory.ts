import { UserError } from '../../user/user-error.js';

/** How V8, C++, the engines and their GPUs say that memory has run out. */
const COMPLAINT =
  /out of memory|bad_alloc|allocation failed|failed to allocate|cannot allocate|cannot enlarge memory|invalid typed array length|resource ?exhausted|\bOOM\b/i;

export const saysOutOfMemory = (words: string): boolean => COMPLAINT.test(words);

export const isOutOfMemory = (error: unknown): error is Error =>
  error instanceof Error && !(error instanceof UserError) && saysOutOfMemory(error.message);
