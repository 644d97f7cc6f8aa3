import { CsvError, parse } from 'csv-parse/sync';
import { type Fault, Problem } from '../http/problem.ts';
import { e164Schema } from '../users/schemas.ts';

/** Most numbers that one import may have. */
export const IMPORT_MAX = 10_000;

export const importTypes = {
  'application/x-ndjson': '{"e164":"+12025550150"}\n{"e164":"+12025550151"}\n',
  'text/csv': 'e164\n+12025550150\n+12025550151\n',
} as const;

/** One line: what stands there, or what is wrong with it. */
interface Line {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly value?: unknown;
  readonly fault?: string;
}

/**
 * Reads the numbers of an import.
 * @param type a content type of {@link importTypes}
 * @param known tells which of them the inventory has already
 * @throws Problem `import-refused` naming every bad line
 */
export async function readImport(
  type: string,
  text: string,
  known: (numbers: readonly string[]) => Promise<ReadonlySet<string>>,
): Promise<string[]> {
  const lines = type === 'text/csv' ? csvLines(text) : jsonLines(text);
  if (lines.length === 0) throw refused([{ field: 'line 1', message: 'there is no number' }]);
  if (lines.length > IMPORT_MAX) {
    throw refused([{ field: `line ${lines[IMPORT_MAX]?.line}`, message: `is one more than ${IMPORT_MAX}` }]);
  }
  const { numbers, faults } = sort(lines);
  const there = await known(numbers.map(({ e164 }) => e164));
  for (const { line, e164 } of numbers) {
    if (there.has(e164)) faults.push({ line, message: 'is already in the inventory' });
  }
  if (faults.length > 0) {
    const inOrder = faults.toSorted((a, b) => a.line - b.line);
    throw refused(inOrder.map(({ line, message }) => ({ field: `line ${line}`, message })));
  }
  return numbers.map(({ e164 }) => e164);
}

interface Sorted {
  readonly numbers: { line: number; e164: string }[];
  readonly faults: { line: number; message: string }[];
}

/** Parts the lines that are numbers, each once, from those that are not. */
function sort(lines: readonly Line[]): Sorted {
  const first = new Map<string, number>();
  const sorted: Sorted = { numbers: [], faults: [] };
  for (const { line, value, fault } of lines) {
    const parsed = e164Schema.safeParse(value);
    const before = parsed.success ? first.get(parsed.data) : undefined;
    if (fault !== undefined) sorted.faults.push({ line, message: fault });
    else if (!parsed.success)
      sorted.faults.push({ line, message: parsed.error.issues[0]?.message ?? 'is none' });
    else if (before !== undefined) sorted.faults.push({ line, message: `is the same as line ${before}` });
    else {
      first.set(parsed.data, line);
      sorted.numbers.push({ line, e164: parsed.data });
    }
  }
  return sorted;
}

function refused(faults: readonly Fault[]): Problem {
  const count = faults.length === 1 ? 'One line' : `${faults.length} lines`;
  return new Problem('import-refused', `${count} can’t be taken; nothing was imported.`, { faults });
}

function jsonLines(text: string): Line[] {
  return text.split('\n').flatMap((content, index): Line[] => {
    const line = index + 1;
    if (content.trim() === '') return [];
    try {
      const read: unknown = JSON.parse(content);
      return [onlyNumber(line, read)];
    } catch {
      return [{ line, fault: 'is not JSON' }];
    }
  });
}

function onlyNumber(line: number, read: unknown): Line {
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    return { line, fault: 'must be an object such as {"e164":"+12025550150"}' };
  }
  const { e164, ...more } = read as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(more);
  return unknown === undefined
    ? { line, value: e164 }
    : { line, fault: `has an unknown field ${unknown.slice(0, 40)}` };
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** The first line names the columns: `e164` alone. */
function csvLines(text: string): Line[] {
  const [header, ...rows] = csvRecords(text);
  if (!header) return [];
  if (header.record.length !== 1 || header.record[0]?.trim().toLowerCase() !== 'e164') {
    return [{ line: header.info.lines, fault: 'must be the header e164' }];
  }
  return rows.map(({ record, info }) =>
    record.length === 1
      ? { line: info.lines, value: record[0]?.trim() }
      : { line: info.lines, fault: 'has more than one column' },
  );
}

function csvRecords(text: string): CsvRecord[] {
  try {
    const recordDelimiter = ['\r\n', '\n'];
    const options = {
      bom: true,
      recordDelimiter,
      info: true,
      relaxColumnCount: true,
      skipEmptyLines: true,
    } as const;
    return parse(text, options) as unknown as CsvRecord[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    throw refused([{ field: `line ${line}`, message: 'is not CSV: its quotes do not match' }]);
  }
}
