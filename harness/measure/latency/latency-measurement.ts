/** What a latency measurement takes and gives. */
import type { LatencyResult } from '../../../results/measurement/latency-record.js';
import type { LatencySeconds } from '../../../results/training/phases.js';
import type { Engine, Predictor } from '../../engines/engine.js';
import type { Graph } from '../../graph/graph.js';
import type { Weights } from '../../graph/parameters.js';
import type { MapShape } from '../../graph/shape.js';
import type { Rounds } from '../../stats/rounds.js';
import type { Burst } from './sampling.js';

/** A network in deploy form, or a model that loads itself, with options of its own. */
export type Contender = GraphContender | LoadableContender;

export interface GraphContender {
  readonly name: string;
  readonly graph: Graph;
  readonly weights: Weights;
}

/** Forms that are timed: contenders of one form share a control. */
export type TimedForm = LatencyResult['form'];

export interface LoadableContender {
  readonly name: string;
  /** One image. */
  readonly input: MapShape;
  /** `deploy` by default. */
  readonly form?: TimedForm;
  /** Loads it anew, for as many images as the measurement has in a batch. */
  readonly load: () => Promise<LatencyPredictor>;
}

export interface LatencyPredictor extends Predictor {
  /** Of a network that runs outside this process: the milliseconds of every run of a burst, timed where it runs. */
  readonly times?: (images: Float32Array, burst: Burst) => Promise<readonly number[]>;
}

export interface LatencyOptions {
  /** Runs those that are graphs. */
  readonly engine: Pick<Engine, 'createPredictor'>;
  /** Of every form, the first that works is the reference. */
  readonly contenders: readonly Contender[];
  readonly batch: number;
  readonly threads: number;
  readonly sessions: number;
  /** Over all sessions. */
  readonly rounds: number;
  /** Decides the images and every random order. */
  readonly seed: number;
  /**
   * Asked after every session, form by form, whether what has been measured of every working contender, and of the reference once more, is
   * enough. Sessions and rounds are then the most there will be.
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

/** With where its wall time went. */
export interface ClockedMeasurement extends LatencyMeasurement {
  /** The contenders in int8, in the same rounds; null where there are none. */
  readonly int8: LatencyMeasurement | null;
  readonly seconds: LatencySeconds;
}
