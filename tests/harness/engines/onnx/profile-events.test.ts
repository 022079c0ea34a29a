import { expect, it } from 'vitest';
import { kernelTimes } from '../../../../harness/engines/onnx/profile-events.js';

const event = (name: string, dur: number) => ({
  cat: 'Node',
  name: `${name}_kernel_time`,
  dur,
  args: { op_name: 'Conv', activation_size: '100', parameter_size: '20', output_size: '3', provider: 'CPU' },
});

it('kernels are read in their order, with the time of every run; what is no kernel is passed over', () => {
  const events = [
    { cat: 'Session', name: 'model_run', dur: 9 },
    event('a', 1),
    { cat: 'Node', name: 'a_fence_before', dur: 0, args: {} },
    event('b', 2),
    event('a', 3),
    event('b', 4),
  ];
  expect(kernelTimes(events)).toEqual([
    { name: 'a', operator: 'Conv', activationBytes: 103, microseconds: [1, 3] },
    { name: 'b', operator: 'Conv', activationBytes: 103, microseconds: [2, 4] },
  ]);
});

it('kernels that ran unequally often are no whole runs', () => {
  expect(() => kernelTimes([event('a', 1), event('b', 2), event('a', 3)])).toThrow('b ran 1 times, not 2.');
});
