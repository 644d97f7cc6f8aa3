import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProvisioningError, type ProvisioningFault } from '../call/provisioning-port.ts';
import { QualityReports } from './quality-reports.ts';

const REPORT = { packetsReceived: 50, packetsLost: 0, jitterMs: 1 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server that fails with these faults, one after the other, and then takes reports. */
function serverFailing(...faults: ProvisioningFault[]) {
  const asked: number[] = [];
  return {
    asked,
    reportQuality: async () => {
      asked.push(Date.now());
      const fault = faults.shift();
      if (fault !== undefined) throw new ProvisioningError(fault);
    },
  };
}

describe('a report', () => {
  test('is sent once where the server takes it', async () => {
    const server = serverFailing();
    new QualityReports(server).send('a', REPORT);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.asked).toHaveLength(1);
  });

  test('is sent again, ever more seldom, until the server is back', async () => {
    const server = serverFailing('unreachable', 'unreachable', 'server-fault');
    new QualityReports(server).send('a', REPORT);
    await vi.advanceTimersByTimeAsync(600_000);
    const [first = 0] = server.asked;
    expect(server.asked.map((at) => at - first)).toEqual([0, 2_000, 6_000, 14_000]);
  });

  test('is given up when nobody is signed in any more', async () => {
    const server = serverFailing('signed-out', 'signed-out');
    new QualityReports(server).send('a', REPORT);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.asked).toHaveLength(1);
  });
});
