/**
 * Latency of several networks in one measurement:
 *
 *   sessions   every network loaded anew, in random order, and warmed up: where a network comes to lie in memory changes its speed
 *     rounds   one burst of every network, in random order, so that whatever disturbs the machine disturbs all alike
 *
 * The reference runs twice under two names: what it seems to differ from itself is noise.
 */
import type { LatencyResult } from '../../results/record.js';
import type { Engine, Predictor } from '../engines/engine.js';
import type { Graph } from '../graph/graph.js';
import type { Weights } from '../graph/parameters.js';
import type { MapShape } from '../graph/shape.js';
import type { Rounds } from '../stats/rounds.js';
import { UserError } from '../user-error.js';
import { latencyResult } from './latency-result.js';
import { type Contestant, enter, runSession } from './latency-session.js';

/** A network in deploy form, or a model that loads itself, with options of its own. */
export type Contender = GraphContender | LoadableContender;

export interface GraphContender {
  readonly name: string;
  readonly graph: Graph;
  readonly weights: Weights;
}

export interface LoadableContender {
  readonly name: string;
  /** One image. */
  readonly input: MapShape;
  /** Loads it anew, for as many images as the measurement has in a batch. */
  readonly load: () => Promise<Predictor>;
}

export interface LatencyOptions {
  /** Runs those that are graphs. */
  readonly engine: Pick<Engine, 'createPredictor'>;
  /** The first that works is the reference. */
  readonly contenders: readonly Contender[];
  readonly batch: number;
  readonly threads: number;
  readonly sessions: number;
  /** Over all sessions. */
  readonly rounds: number;
  /** Decides the images and every random order. */
  readonly seed: number;
  /**
   * Asked after every session whether what has been measured of every working contender, and of the reference once more, is enough.
   * Sessions and rounds are then the most there will be.
   */
  readonly isEnough?: (contenders: readonly Rounds[], control: Rounds) => boolean;
  readonly onProgress?: (doneRounds: number, rounds: number) => void;
  readonly signal?: AbortSignal;
}

export type LatencyOutcome =
  | { readonly state: 'done'; readonly result: LatencyResult }
  | { readonly state: 'failed'; readonly error: string };

export interface LatencyMeasurement {
  readonly outcomes: { readonly candidate: string; readonly outcome: LatencyOutcome }[];
  /** The second measurement of the reference; null where no contender works, or the reference ceased to. */
  readonly control: { readonly candidate: string; readonly result: LatencyResult } | null;
}

/**
 * A contender that does not load or run is a failure of its own; the others go on. Throws UserError where there are fewer rounds
 * than sessions or none of either, and the signal's reason where it is stopped.
 */
export const measureLatency = async (options: LatencyOptions): Promise<LatencyMeasurement> => {
  const { sessions, rounds, onProgress = () => {}, isEnough = () => false } = options;
  requireRounds(sessions, rounds);
  const { contestants, control } = await enter(options);
  const all = control === null ? contestants : [...contestants, control];
  let done = 0;
  for (let session = 0; session < sessions; session += 1) {
    const count = Math.floor(rounds / sessions) + (session < rounds % sessions ? 1 : 0);
    await runSession(options, all, session, count, () => {
      done += 1;
      onProgress(done, rounds);
    });
    const working = contestants.filter(({ error }) => error === null).map(({ roundMs }) => roundMs);
    if (control?.error === null && isEnough(working, control.roundMs)) break;
  }
  return {
    outcomes: contestants.map((contestant) => ({
      candidate: contestant.contender.name,
      outcome: outcomeOf(contestant, options),
    })),
    control: controlOf(control, options),
  };
};

const requireRounds = (sessions: number, rounds: number): void => {
  if (sessions >= 1 && rounds >= sessions) return;
  throw new UserError(
    `Latency cannot be measured in ${rounds} rounds over ${sessions} sessions.`,
    'Ask for at least one session and one round for each.',
  );
};

const outcomeOf = ({ error, roundMs, warmUpRuns }: Contestant, options: LatencyOptions): LatencyOutcome =>
  error === null
    ? { state: 'done', result: latencyResult(roundMs, warmUpRuns, options) }
    : { state: 'failed', error };

const controlOf = (control: Contestant | null, options: LatencyOptions): LatencyMeasurement['control'] => {
  if (control === null) return null;
  const outcome = outcomeOf(control, options);
  return outcome.state === 'failed' ? null : { candidate: control.contender.name, result: outcome.result };
};
