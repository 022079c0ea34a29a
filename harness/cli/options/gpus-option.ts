import { Option } from 'commander';
import { UserError } from '../../user/user-error.js';
import { parseGpus } from './values.js';

export const gpusOption = (): Option =>
  new Option(
    '--devices <list>',
    'with engine pytorch:cuda: the GPUs to train on, one trial on each at a time, for example cuda:0-3 or cuda:0,2',
  ).argParser(parseGpus);

/** Throws UserError where it is said twice how many trials are trained at a time. */
export const refuseJobsWithGpus = ({
  jobs,
  devices,
}: {
  readonly jobs?: number;
  readonly devices?: readonly number[];
}): void => {
  if (jobs === undefined || devices === undefined) return;
  throw new UserError(
    '--jobs cannot be combined with --devices: one trial is trained on each device.',
    'Leave out one of them.',
  );
};
