import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['browser/**/*.test.ts'],
    globalSetup: 'browser/harness/setup.ts',
    testTimeout: 60_000,
    // Test files run in parallel on few cores.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    // The files share one app and one browser.
    maxWorkers: 3,
    isolate: false,
  },
});
