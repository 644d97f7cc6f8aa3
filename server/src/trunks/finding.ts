/** One thing that the test of a trunk has found. */
export interface Finding {
  readonly check: 'resolves' | 'answers' | 'registers' | 'takes-calls';
  /** Null where it can't be told. */
  readonly works: boolean | null;
  readonly host: string | null;
  readonly words: string;
}
