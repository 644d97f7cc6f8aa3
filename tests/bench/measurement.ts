/** One line of the table. */
export interface Measurement {
  readonly name: string;
  readonly unit: 'ms' | 'kB' | 'MB' | '1' | '1/s' | 'ratio' | 'ms CPU';
  readonly values: readonly number[];
  readonly target?: Target;
}

/** What the median shall not exceed, or not even the worst value. */
export type Target = { readonly median: number } | { readonly worst: number };

/** Lines that fill while it is measured, in the order in which they first get a value. */
export class Series {
  readonly #lines = new Map<string, { unit: Measurement['unit']; values: number[]; target?: Target }>();

  /** @param target a number is one for the median */
  add(name: string, unit: Measurement['unit'], value: number, target?: number | Target): void {
    const wanted = typeof target === 'number' ? { median: target } : target;
    const line = this.#lines.get(name) ?? { unit, values: [], ...(wanted && { target: wanted }) };
    line.values.push(value);
    this.#lines.set(name, line);
  }

  get measurements(): readonly Measurement[] {
    return [...this.#lines].map(([name, line]) => ({ name, ...line }));
  }
}
