import { describe, expect, it } from 'vitest';
import { onnxruntime } from '../../../../harness/engines/onnx/engine.js';
import { listSupportedBackends } from '../../../../harness/engines/onnx/native.js';
import { describeProvider, PROVIDERS, type Provider } from '../../../../harness/engines/onnx/provider.js';
import { verifyEngines } from '../../../../harness/verify/verify.js';
import { tinyNetwork } from '../../../support/tiny-network.js';

const offered = listSupportedBackends().map(({ name }) => name);

const states = await Promise.all(
  (Object.keys(PROVIDERS) as Provider[]).map(
    async (provider) => [provider, await describeProvider(provider)] as const,
  ),
);

describe('a provider of onnxruntime', () => {
  it.each(states)(
    '%s is supported where the package has it, and says how to get it otherwise',
    (provider, state) => {
      expect(state.state === 'unsupported').toBe(!offered.includes(PROVIDERS[provider].backend));
      if (state.state === 'available') expect(state.device).toBe(provider);
      else expect(state.remedy).toMatch(/^It (needs|has it for) .*\.$/);
    },
  );

  it('is the CPU everywhere', () => {
    expect(new Map(states).get('cpu')?.state).toBe('available');
  });

  const others = states.filter(([provider, { state }]) => provider !== 'cpu' && state === 'available');

  it.each(others)('%s computes what the CPU does', async (provider) => {
    const engine = onnxruntime.onOtherDevices?.[provider];
    if (!engine) throw new RangeError(`There is no engine for ${provider}.`);
    const [checks = []] = await verifyEngines(onnxruntime, [engine], tinyNetwork(), { seed: 5, steps: 2 });
    expect(checks.filter(({ agrees }) => !agrees)).toEqual([]);
  });
});
