import { describe, expect, test } from 'vitest';
import { HIGHEST_PAGE_PORT, type PortPlan, portPlan } from './ports.ts';

function signalling(plan: PortPlan): number[] {
  return Object.values(plan).filter((value): value is number => typeof value === 'number');
}

function media(plan: PortPlan): number[] {
  return [plan.gatewayMedia, plan.pstnMedia, plan.turnMedia].flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_none, i) => first + i),
  );
}

describe('the port plan', () => {
  test('uses no port twice', () => {
    const all = [...signalling(portPlan(8080)), ...media(portPlan(8080))];
    expect(new Set(all).size).toBe(all.length);
  });

  test('of labs ten ports apart never overlaps', () => {
    const all = [8080, 8090, 8100].map(portPlan).flatMap((plan) => [...signalling(plan), ...media(plan)]);
    expect(new Set(all).size).toBe(all.length);
  });

  test('stays within the ports there are', () => {
    const highest = [1, 8080, HIGHEST_PAGE_PORT]
      .map(portPlan)
      .flatMap((plan) => [...signalling(plan), ...media(plan)]);
    expect(Math.max(...highest)).toBeLessThanOrEqual(65_535);
  });
});
