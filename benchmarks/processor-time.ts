/** Processor time of processes, as Linux tells it. */
import { readFileSync } from 'node:fs';

/** The process that this one has begun so far. */
export const onlyChild = (): number =>
  Number(readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ').at(0));

const TICKS_A_SECOND = 100;

/** Of all threads of a process, user and system. */
export const processorSecondsOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
};
