import { styleText } from 'node:util';
import { z } from 'zod';

/** One line of a structured log, as the server (pino) and Caddy write it. */
const jsonLine = z.looseObject({
  level: z.string(),
  msg: z.string().default(''),
  error: z.string().optional(),
  err: z.looseObject({ message: z.string() }).optional(),
  req: z.looseObject({ method: z.string() }).optional(),
  route: z.string().optional(),
  res: z.looseObject({ status: z.number() }).optional(),
  responseTime: z.number().optional(),
});

/** One line of Asterisk's log: `[time] LEVEL[thread]: file:line function: what`. */
const ASTERISK_LINE = /^\[\S+\] ([A-Z]+)\[\d+\](?:\[[^\]]*\])?: \S+ \S+: (.*)$/;

const COLOURS = { warn: 'yellow', warning: 'yellow', error: 'red', fatal: 'red' } as const;

/** What of a program's log is worth a watcher's attention; all of it is in its file. */
const WORTH_SHOWING: Readonly<Record<string, RegExp>> = {
  gateway: /(WARNING|ERROR)\[|: (Emergency c|C)all /,
  pstn: /(WARNING|ERROR)\[|: Call /,
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
  const [, asteriskLevel, text] = ASTERISK_LINE.exec(line) ?? [];
  if (asteriskLevel !== undefined && text !== undefined) return coloured(asteriskLevel.toLowerCase(), text);
  const parsed = jsonLine.safeParse(asJson(line));
  if (!parsed.success) return line.trim();
  const { level, msg, error, err, req, route, res, responseTime } = parsed.data;
  const fault = err?.message ?? error;
  const what =
    req === undefined || route === undefined
      ? msg
      : `${req.method} ${route} → ${res?.status ?? '?'} in ${responseTime ?? '?'} ms`;
  return coloured(level, `${what}${fault === undefined ? '' : `: ${fault}`}`);
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
