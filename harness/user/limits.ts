/** Largest numbers that are taken; beyond them a slip is likelier than a wish, and memory or time would run out without a word. */
export const MOST = {
  seeds: 10_000,
  epochs: 100_000,
  /** Images in a step. */
  batch: 65_536,
  /** Height and width of an image, and what it is moved by. */
  pixels: 4_096,
  channels: 65_536,
  classes: 100_000,
  trainImages: 2 ** 31 - 1,
  threads: 1_024,
  sessions: 1_000,
  rounds: 1_000_000,
  /** Seconds of one measurement. */
  seconds: 86_400,
  /** Of one timer. */
  timerSeconds: 576 * 3600,
  /** Attempts after the first. */
  retries: 100,
  candidates: 1_000,
  /** Candidates x seeds. */
  trials: 100_000,
  /** Values of a knob or a list, learning rates, milestones. */
  values: 10_000,
  /** Characters of a name; it becomes part of the names of files, which have at most 255 bytes. */
  name: 200,
  /** Characters of any other text. */
  text: 10_000,
} as const;
