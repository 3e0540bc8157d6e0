import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['src/**/*.test.ts', 'package/**/*.test.ts'], testTimeout: 20_000, isolate: false } });
