import type { en } from './en.ts';

/** Every text of the phone. A language that lacks one does not compile. */
export type Strings = Widened<typeof en>;

type Widened<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : { readonly [Name in keyof T]: Widened<T[Name]> };
