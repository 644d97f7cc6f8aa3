import { cpus, release, totalmem } from 'node:os';
import type { Measurement, Target } from './measurement.ts';
import { summarise } from './statistics.ts';

const GIB = 2 ** 30;

/** The machine that was measured on, in one line. */
export function machine(): string {
  const processors = cpus();
  const memory = (totalmem() / GIB).toFixed(1);
  return `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${memory} GiB, Linux ${release()}, Node ${process.version}`;
}

const HEADINGS = ['what', 'unit', 'median', 'half lie between', 'worst', 'n', 'target', ''];

/** A table for people. */
export function table(measurements: readonly Measurement[]): string {
  const rows = [HEADINGS, ...measurements.map(row)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row({ name, unit, values, target }: Measurement): string[] {
  const { median, quartiles, most, n } = summarise(values);
  const figures = [digits(median), quartiles.map(digits).join(' – '), digits(most), String(n)];
  return [name, unit, ...figures, ...verdict(target, median, most)];
}

function verdict(target: Target | undefined, median: number, worst: number): string[] {
  if (target === undefined) return ['', ''];
  const [goal, value, of] =
    'median' in target ? [target.median, median, ''] : [target.worst, worst, ' at worst'];
  return [`≤ ${goal}${of}`, value <= goal ? 'met' : 'MISSED'];
}

/** Three digits that count. */
function digits(value: number): string {
  if (value === 0) return '0';
  return value.toFixed(Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}

/** The same for programs. */
export function json(measurements: readonly Measurement[], takenAt: Date): string {
  const lines = measurements.map((line) => ({ ...line, ...summarise(line.values) }));
  return `${JSON.stringify({ takenAt, machine: machine(), measurements: lines }, undefined, 2)}\n`;
}
