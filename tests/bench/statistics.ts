/** What a table says of repeated measurements. */
export interface Summary {
  readonly n: number;
  readonly median: number;
  /** First and third quartile: half of all values lie between them. */
  readonly quartiles: readonly [number, number];
  readonly least: number;
  readonly most: number;
}

/** @throws RangeError when there is no value */
export function summarise(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    n: sorted.length,
    median: quantile(sorted, 0.5),
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    least: quantile(sorted, 0),
    most: quantile(sorted, 1),
  };
}

/**
 * The value below which the part `p` of all values lies, between neighbours in proportion.
 * @param sorted values in rising order
 */
function quantile(sorted: readonly number[], p: number): number {
  const place = p * (sorted.length - 1);
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('there is no value to summarise');
  return below + (above - below) * (place - Math.floor(place));
}
