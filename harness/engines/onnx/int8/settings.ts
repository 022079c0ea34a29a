import { sessionSettings } from '../predictor-model.js';
import { type Int8Sums, int8Sums } from './processor.js';

/**
 * How an int8 form runs: as every session. Where sums of uint8 and int8 products would saturate, or may, onnxruntime is told to take uint8
 * weights for the int8 ones, whose sums are exact but slower: a network gives the same on every machine.
 */
export const int8SessionSettings = (threads: number, sums: Int8Sums = int8Sums()) => {
  const settings = sessionSettings(threads, 'cpu');
  if (sums === 'exact') return settings;
  return { ...settings, extra: { session: { ...settings.extra.session, x64quantprecision: '1' } } };
};
