import { type Argument, type Command, InvalidArgumentError, type Option } from 'commander';
import { didYouMean } from '../../user/did-you-mean.js';

/** Refuses what is none of the choices of an option or argument with what was probably meant. */
export const suggestChoices = ({ options, registeredArguments }: Command): void => {
  for (const one of [...options, ...registeredArguments]) suggest(one);
};

const suggest = (one: Option | Argument): void => {
  const { argChoices: choices, parseArg: parse } = one;
  if (choices === undefined || parse === undefined) return;
  one.parseArg = <T>(value: string, previous: T): T => {
    if (choices.includes(value)) return parse.call(one, value, previous) as T;
    throw new InvalidArgumentError(didYouMean(value, choices, `Allowed choices are ${choices.join(', ')}.`));
  };
};
