/** One line of the table. */
export interface Measurement {
  readonly name: string;
  readonly unit: 'ms' | 'kB' | 'ratio' | 'ms CPU';
  readonly values: readonly number[];
  /** What the median shall not exceed. */
  readonly target?: number;
}

/** Lines that fill while it is measured, in the order in which they first get a value. */
export class Series {
  readonly #lines = new Map<string, { unit: Measurement['unit']; values: number[]; target?: number }>();

  add(name: string, unit: Measurement['unit'], value: number, target?: number): void {
    const line = this.#lines.get(name) ?? { unit, values: [], ...(target === undefined ? {} : { target }) };
    line.values.push(value);
    this.#lines.set(name, line);
  }

  get measurements(): readonly Measurement[] {
    return [...this.#lines].map(([name, line]) => ({ name, ...line }));
  }
}
