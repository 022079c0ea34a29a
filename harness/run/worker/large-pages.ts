/**
 * The environment in which a worker trains: glibc then asks Linux for large pages for large tensors, which saves about a twentieth of a
 * step. Where there is no such setting it is ignored. What the user has set stays, and latency is measured without it, as it would be
 * elsewhere.
 */
import type { Job } from './protocol.js';

const SETTING = 'glibc.malloc.hugetlb';

export const workerEnvironment = (
  job: Job['job'],
  { GLIBC_TUNABLES: given = '' }: NodeJS.ProcessEnv = process.env,
): Readonly<Record<string, string>> => {
  const measures = job === 'latency' || job === 'model-latency';
  if (measures || given.includes(SETTING)) return {};
  return { GLIBC_TUNABLES: [...(given === '' ? [] : [given]), `${SETTING}=1`].join(':') };
};
