import { describe, expect, it } from 'vitest';
import { ownModule } from '../../../harness/package/own-module.js';

describe('a module of the package', () => {
  it('has the extension of the module that asks', () => {
    expect(ownModule('./worker', 'file:///package/harness/run/a.ts').href).toBe(
      'file:///package/harness/run/worker.ts',
    );
    expect(ownModule('../../index', 'file:///package/dist/harness/run/a.js').href).toBe(
      'file:///package/dist/index.js',
    );
  });

  it('may lie in a folder whose name must be escaped', () => {
    expect(ownModule('./b', 'file:///my%20folder/a%23.ts').pathname).toBe('/my%20folder/b.ts');
  });
});
