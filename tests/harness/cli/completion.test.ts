import { describe, expect, it, vi } from 'vitest';
import { lightbench } from '../../support/command-line.js';

/** The library prints by `console`, which Vitest keeps from the standard output. */
const printed = async (...args: readonly string[]): Promise<string> => {
  const lines: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
  const { exitCode } = await lightbench(...args).finally(() => spy.mockRestore());
  expect(exitCode).toBe(0);
  return lines.join('\n');
};

describe('lightbench completion', () => {
  it.each([
    [['fig'], 'figure'],
    [['cost', 'mobilenet-v'], 'mobilenet-v2'],
    [['list', 'eng'], 'engines'],
    [['run', 'qu'], 'quick'],
    [['figure', 'runs/x', 'verdict'], 'verdict-matrix'],
    [['table', 'runs/x', '--format', ''], 'latex'],
    [['baseline', 'sh'], 'show'],
    [['explain', 'few'], 'few-seeds'],
    [['cost', '--per'], '--per-op'],
    [['run', '--engine', ''], 'onnxruntime'],
    [['speed', 'repso', '--engine', 'py'], 'pytorch'],
    [['run', 'quick', '--engine=a'], 'auto'],
    [['run', 'quick', '--only', ''], 'meta-light/repso'],
    [['run', 'paper/channel', '--only', ''], 'SF.Conv'],
    [['run', 'quick', '--device', ''], 'browser'],
    [['cost', 'repso', '--set', ''], 'branches='],
    [['cost', 'meta-light', '--set', ''], 'spatial='],
    [['cost', 'lightnet', '--block', 'sand'], 'sandglass'],
    [['cost', 'lightnet', '--block', 'sandglass', '--set', ''], 'reduction='],
    [['evaluate', 'x.onnx', '--dataset', 'mn'], 'mnist'],
  ])('after %j offers %s', async (words, expected) => {
    const offered = (await printed('complete', '--', ...words))
      .split('\n')
      .map((line) => line.split('\t')[0]);
    expect(offered).toContain(expected);
  });

  it.each([
    [['cost', 'repso', '--set', ''], 'spatial='],
    [['compare', 'baseline', '--only', ''], 'meta-light/repso'],
    [['run', 'no-suite.ts', '--only', ''], 'meta-light/repso'],
  ])('after %j does not offer %s', async (words, other) => {
    expect(await printed('complete', '--', ...words)).not.toContain(other);
  });

  it.each(['bash', 'zsh', 'fish', 'powershell'])(
    'prints a script for %s that asks lightbench',
    async (shell) => {
      expect(await printed('completion', shell)).toMatch(/lightbench complete '?--/);
    },
  );
});
