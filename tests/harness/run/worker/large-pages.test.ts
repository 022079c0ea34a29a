import { describe, expect, it } from 'vitest';
import { workerEnvironment } from '../../../../harness/run/worker/large-pages.js';

describe('the environment of a worker', () => {
  it('asks for large pages where it trains', () => {
    expect(workerEnvironment('trial', {})).toEqual({ GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' });
    expect(workerEnvironment('fitting-batch', {})).toEqual(workerEnvironment('trial', {}));
  });

  it('keeps what the user has set', () => {
    expect(workerEnvironment('try', { GLIBC_TUNABLES: 'glibc.malloc.arena_max=2' })).toEqual({
      GLIBC_TUNABLES: 'glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1',
    });
    expect(workerEnvironment('trial', { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' })).toEqual({});
  });

  it.each(['latency', 'model-latency'] as const)('is the given one for %s', (job) => {
    expect(workerEnvironment(job, {})).toEqual({});
  });
});
