import { Problem } from '../http/problem.ts';

/** @throws Problem `gateway-unavailable` where the gateway gave no answer */
export function sure<T>(answer: T | undefined): T {
  if (answer !== undefined) return answer;
  const headers = { 'Retry-After': '2' };
  throw new Problem('gateway-unavailable', 'The gateway can’t be asked just now.', { headers });
}
