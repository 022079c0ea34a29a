import { buildAlone } from '../../blocks/build.js';
import type { AnyDefinition } from '../../blocks/part.js';
import { greatestCommonDivisor } from '../../harness/graph/channel-arithmetic.js';
import { UserError } from '../../harness/user/user-error.js';

/** Numbers of channels are tried from 1 to here. */
export const MOST_CHANNELS = 64;

/**
 * The numbers C of channels that a part with its default options takes, found by trying: from C to C and, for a channel operator, from
 * C to 4C and from 4C to C too, as it stands in a Meta Light Block.
 */
export const admittedChannels = (definition: AnyDefinition): readonly number[] =>
  Array.from({ length: MOST_CHANNELS }, (_, i) => i + 1).filter((channels) =>
    changesOf(definition, channels).every(([from, to]) => admits(definition, from, to)),
  );

/** `all`, `multiples of 4`, `multiples of 2 from 4`, or the first of them. */
export const describeAdmitted = (channels: readonly number[]): string => {
  const [first] = channels;
  if (first === undefined) return 'none';
  const step = channels.reduce(greatestCommonDivisor);
  const regular = channels.length === Math.floor(MOST_CHANNELS / step) - first / step + 1;
  if (!regular)
    return channels.length > SHOWN ? `${channels.slice(0, SHOWN).join(', ')} ...` : channels.join(', ');
  const every = step === 1 ? 'all' : `multiples of ${step}`;
  return first === step ? every : `${every} from ${first}`;
};

const SHOWN = 12;

const changesOf = ({ kind }: AnyDefinition, channels: number): readonly (readonly [number, number])[] => {
  const kept = [channels, channels] as const;
  return kind === 'channel' ? [kept, [channels, 4 * channels], [4 * channels, channels]] : [kept];
};

const admits = (definition: AnyDefinition, from: number, outChannels: number): boolean => {
  try {
    buildAlone(definition, [from, 8, 8], { outChannels });
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
};
