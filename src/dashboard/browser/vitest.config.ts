import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['browser/**/*.test.ts'],
    globalSetup: 'browser/harness/setup.ts',
    testTimeout: 60_000,
    // Several files share few cores: what comes is awaited for longer than the usual second.
    expect: { poll: { timeout: 10_000 } },
    hookTimeout: 60_000,
    // The files share one app and one browser; one of them mostly waits for a token to expire.
    maxWorkers: 3,
    isolate: false,
  },
});
