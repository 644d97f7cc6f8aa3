import { env } from 'node:process';
import { inject } from 'vitest';
import type { LabUnderTest } from './lab.global.ts';

/** The lab that this test file has for itself while it runs: that of its place among the workers. */
export function labOfThisFile(): LabUnderTest {
  const labs = inject('labs');
  const lab = labs[Number(env.VITEST_POOL_ID) - 1];
  if (lab === undefined) throw new Error(`worker ${env.VITEST_POOL_ID} has no lab, of ${labs.length}`);
  return lab;
}
