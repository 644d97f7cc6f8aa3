import { defineConfig } from 'vitest/config';

/** Four parts, run one by one with `npm test -- unit`, `sipp`, `e2e` or `network`. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{gateway-config,server,softphone}/src/**/*.test.ts',
            'asterisk/lab/**/*.test.ts',
            'tests/{support,bench}/**/*.test.ts',
          ],
        },
      },
      {
        test: {
          name: 'sipp',
          include: ['tests/sipp/**/*.test.ts'],
          globalSetup: ['tests/support/lab.global.ts'],
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/support/lab.global.ts'],
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        // In a network namespace of its own: only `npm test` makes it.
        test: {
          name: 'network',
          include: ['tests/network/**/*.test.ts'],
          globalSetup: ['tests/support/network/world.ts'],
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
