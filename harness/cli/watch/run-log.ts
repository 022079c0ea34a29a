/** The log of a run: a file of JSON lines, appended to. */
import { pino } from 'pino';
import { fileError } from '../../files/system-error.js';
import type { RunEvent } from '../../run/status/events.js';
import { printNote } from '../command.js';
import { logLine } from './log-line.js';

export interface RunLog {
  readonly onEvent: (event: RunEvent) => void;
  readonly close: () => void;
}

/** Of what is told several times a second. */
const EVERY_MS = 10_000;

/** Throws UserError where the file cannot be written. Where that happens later, it is said once, and the run goes on. */
export const openRunLog = (file: string): RunLog => {
  const destination = opened(file);
  let isBroken = false;
  destination.on('error', (error: Error) => {
    if (!isBroken) printNote(`The log ${file} ends here: ${error.message}`);
    isBroken = true;
  });
  const log = pino(
    {
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  );
  const told = new Map<string, number>();
  const isTooSoon = ({ kind }: RunEvent): boolean => {
    if (kind !== 'training' && kind !== 'latency-progress') return false;
    const now = performance.now();
    if (now - (told.get(kind) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return true;
    told.set(kind, now);
    return false;
  };
  return {
    onEvent: (event) => {
      const line = isBroken || isTooSoon(event) ? null : logLine(event);
      if (line === null) return;
      const { level, ...rest } = line;
      log[level]({ event: event.kind, ...rest });
    },
    close: () => {
      if (!isBroken) destination.flushSync();
      destination.end();
    },
  };
};

const opened = (file: string): ReturnType<typeof pino.destination> => {
  try {
    return pino.destination({ dest: file, sync: true, append: true, mkdir: false });
  } catch (error) {
    throw fileError(error, { path: file, use: 'written' });
  }
};
