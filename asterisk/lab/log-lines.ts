import { styleText } from 'node:util';
import { z } from 'zod';

/** One line of a structured log, as the server (pino) and Caddy write it. */
const jsonLine = z.looseObject({
  level: z.string(),
  msg: z.string().default(''),
  error: z.string().optional(),
  err: z.looseObject({ message: z.string() }).optional(),
  req: z.looseObject({ method: z.string(), url: z.string() }).optional(),
  res: z.looseObject({ statusCode: z.number() }).optional(),
  responseTime: z.number().optional(),
});

const COLOURS = { warn: 'yellow', warning: 'yellow', notice: 'dim', error: 'red', fatal: 'red' } as const;

/** What of a program's log is worth a watcher's attention; all of it is in its file. */
const WORTH_SHOWING: Readonly<Record<string, RegExp>> = {
  turn: / (ERROR|CRITICAL)\b/,
  page: /"level":"(warn|error|fatal|panic)"/,
};

/** Prints a program's line for somebody who watches the lab: time, program, what happened. */
export function printLine(program: string, line: string): void {
  if (WORTH_SHOWING[program]?.test(line) === false || line.trim() === '') return;
  const time = new Date().toTimeString().slice(0, 8);
  process.stdout.write(
    `${styleText('dim', time)} ${styleText('cyan', program.padEnd(8))}${readable(line)}\n`,
  );
}

function readable(line: string): string {
  const parsed = jsonLine.safeParse(asJson(line));
  if (!parsed.success)
    return coloured(/\b(NOTICE|WARNING|ERROR)\b/.exec(line)?.[1]?.toLowerCase(), line.trim());
  const { level, msg, error, err, req, res, responseTime } = parsed.data;
  const request =
    req === undefined
      ? ''
      : `${req.method} ${req.url} ${res?.statusCode ?? ''} ${Math.round(responseTime ?? 0)} ms `;
  const fault = err?.message ?? error;
  return coloured(level, `${request}${msg}${fault === undefined ? '' : `: ${fault}`}`);
}

function coloured(level: string | undefined, text: string): string {
  return level !== undefined && level in COLOURS
    ? styleText(COLOURS[level as keyof typeof COLOURS], text)
    : text;
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
