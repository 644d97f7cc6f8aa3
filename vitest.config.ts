import { env } from 'node:process';
import { defineConfig } from 'vitest/config';

/**
 * Files that run side by side, each with a lab for itself. In a container there is one stack, and so one at a time.
 */
const AT_ONCE = env.HANDSET_TOPOLOGY === 'compose' ? 1 : 2;
/** What needs no lab takes all cores; vitest would leave one of them idle. */
const ALL_CORES = '100%';

/** Parts, run one by one with `npm test -- unit`, `postgres`, `sipp`, `e2e`, `firefox` or `network`. */
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
          maxWorkers: ALL_CORES,
        },
      },
      {
        // The server's tests once more: `unit` has them on SQLite.
        test: {
          name: 'postgres',
          include: ['server/src/**/*.test.ts'],
          globalSetup: ['tests/support/postgres.global.ts'],
          testTimeout: 30_000,
          maxWorkers: ALL_CORES,
        },
      },
      {
        test: {
          name: 'sipp',
          include: ['tests/sipp/**/*.test.ts'],
          globalSetup: ['tests/support/lab.global.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: AT_ONCE,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: ['tests/support/lab.global.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: AT_ONCE,
          // Two files side by side keep two cores busy; more pages at once would miss sound and promises in seconds.
          maxConcurrency: 1,
          sequence: { groupOrder: 2 },
        },
      },
      {
        // The core of the browser tests once more, in Firefox.
        test: {
          name: 'firefox',
          include: ['tests/e2e/{sound,incoming,hold,keypad,connection}.test.ts'],
          env: { HANDSET_BROWSER: 'firefox' },
          globalSetup: ['tests/support/lab.global.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: AT_ONCE,
          maxConcurrency: 1,
          sequence: { groupOrder: 4 },
        },
      },
      {
        // In a network namespace of its own: only `npm test` makes it.
        test: {
          name: 'network',
          include: ['tests/network/**/*.test.ts'],
          globalSetup: ['tests/support/network/world.ts'],
          testTimeout: 60_000,
          // On one lab, each file in a home of its own (`world.ts`).
          maxWorkers: 2,
          maxConcurrency: 1,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
