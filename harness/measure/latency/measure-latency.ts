/**
 * Latency of several networks in one measurement:
 *
 *   sessions   every network loaded anew, in random order, and warmed up: where a network comes to lie in memory changes its speed
 *     rounds   one burst of every network, in random order, so that whatever disturbs the machine disturbs all alike
 *
 * The reference of every form runs twice under two names: what it seems to differ from itself is noise.
 */
import { UserError } from '../../user/user-error.js';
import type {
  ClockedMeasurement,
  LatencyMeasurement,
  LatencyOptions,
  LatencyOutcome,
  TimedForm,
} from './latency-measurement.js';
import { latencyResult } from './latency-result.js';
import { beginTimings, formOf, runSession, type Timing } from './latency-session.js';

/**
 * A contender that does not load or run is a failure of its own; the others go on. Throws UserError where there are fewer rounds
 * than sessions or none of either, and the signal's reason where it is stopped.
 */
export const measureLatency = async (options: LatencyOptions): Promise<ClockedMeasurement> => {
  const { sessions, rounds, onProgress = () => {}, isEnough = () => false } = options;
  requireRounds(sessions, rounds);
  const { timings, controls, seconds: firstLoading } = await beginTimings(options);
  const seconds = { loading: firstLoading, warmUp: 0, rounds: 0 };
  let done = 0;
  for (let session = 0; session < sessions; session += 1) {
    const count = Math.floor(rounds / sessions) + (session < rounds % sessions ? 1 : 0);
    const taken = await runSession(options, [...timings, ...controls], session, count, () => {
      done += 1;
      onProgress(done, rounds);
    });
    seconds.loading += taken.loading;
    seconds.warmUp += taken.warmUp;
    seconds.rounds += taken.rounds;
    const isFormEnough = (control: Timing): boolean => {
      const working = timings.filter((one) => one.error === null && formOf(one) === formOf(control));
      return (
        control.error === null &&
        isEnough(
          working.map(({ roundMs }) => roundMs),
          control.roundMs,
        )
      );
    };
    if (controls.length > 0 && controls.every(isFormEnough)) break;
  }
  const ofForm = (form: TimedForm): LatencyMeasurement => ({
    outcomes: timings
      .filter((timing) => formOf(timing) === form)
      .map((timing) => ({ candidate: timing.contender.name, outcome: outcomeOf(timing, options) })),
    control: controlOf(controls.find((timing) => formOf(timing) === form) ?? null, options),
  });
  const int8 = ofForm('int8');
  return { ...ofForm('deploy'), int8: int8.outcomes.length === 0 ? null : int8, seconds };
};

const requireRounds = (sessions: number, rounds: number): void => {
  if (sessions >= 1 && rounds >= sessions) return;
  throw new UserError(
    `Cannot split ${rounds} latency rounds over ${sessions} sessions.`,
    'Use at least one session, and at least one round per session.',
  );
};

const outcomeOf = (timing: Timing, options: LatencyOptions): LatencyOutcome => {
  const { error, roundMs, warmUpRuns } = timing;
  return error === null
    ? { state: 'done', result: latencyResult(roundMs, warmUpRuns, { ...options, form: formOf(timing) }) }
    : { state: 'failed', error };
};

const controlOf = (control: Timing | null, options: LatencyOptions): LatencyMeasurement['control'] => {
  if (control === null) return null;
  const outcome = outcomeOf(control, options);
  return outcome.state === 'failed' ? null : { candidate: control.contender.name, result: outcome.result };
};
