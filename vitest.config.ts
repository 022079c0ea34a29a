import { defineConfig } from 'vitest/config';

/** A test says by its name what it needs: `x.process.test.ts` runs the built program, `x.browser.test.ts` Chromium, `x.slow.test.ts` minutes. */
const include = (kind: string): string => `tests/**/*.${kind}.test.ts`;

export default defineConfig({
  test: {
    // Programs that the tests start, and the command line within a test, colour their words on a machine with CI set, but for this.
    env: { NO_COLOR: '1' },
    setupFiles: 'tests/support/undo-stubs.ts',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['process', 'browser', 'slow'].map(include),
          // Files share what is imported, which takes half the time; undo-stubs.ts undoes what they replace.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          include: [include('process')],
          globalSetup: 'tests/support/build.ts',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [include('browser')],
          globalSetup: 'tests/support/bundle-page.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'slow',
          include: [include('slow')],
          globalSetup: 'tests/support/build.ts',
          testTimeout: 1_800_000,
        },
      },
    ],
  },
});
