import { Problem } from '../http/problem.ts';

/** One thing that the test of a trunk has found. */
export interface Finding {
  readonly check: 'resolves' | 'answers' | 'registers' | 'takes-calls';
  /** Null where it can't be told. */
  readonly works: boolean | null;
  readonly host: string | null;
  readonly words: string;
}

/** @throws Problem `gateway-unavailable` where there was no answer */
export function sure<T>(answer: T | undefined): T {
  if (answer === undefined) throw new Problem('gateway-unavailable', 'The gateway can’t be asked just now.');
  return answer;
}
