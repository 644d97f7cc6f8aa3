import { styleText } from 'node:util';
import { z } from 'zod';

/** One line of the server's log, as pino writes it. */
const pinoLine = z.looseObject({
  level: z.number(),
  msg: z.string().default(''),
  err: z.looseObject({ message: z.string() }).optional(),
  req: z.looseObject({ method: z.string(), url: z.string() }).optional(),
  res: z.looseObject({ statusCode: z.number() }).optional(),
  responseTime: z.number().optional(),
});

const WARNING = 40;
const FAULT = 50;

/** Prints a program's line for somebody who watches the lab: time, program, what happened. */
export function printLine(program: string, line: string): void {
  const text = program === 'server' ? readableServerLine(line) : line.trim();
  if (text === '') return;
  const time = new Date().toTimeString().slice(0, 8);
  process.stdout.write(`${styleText('dim', time)} ${styleText('cyan', program.padEnd(8))}${text}\n`);
}

function readableServerLine(line: string): string {
  const parsed = pinoLine.safeParse(asJson(line));
  if (!parsed.success) return line;
  const { level, msg, err, req, res, responseTime } = parsed.data;
  const request =
    req === undefined
      ? ''
      : `${req.method} ${req.url} ${res?.statusCode ?? ''} ${Math.round(responseTime ?? 0)} ms `;
  const text = `${request}${msg}${err === undefined ? '' : `: ${err.message}`}`;
  if (level >= FAULT) return styleText('red', text);
  return level >= WARNING ? styleText('yellow', text) : text;
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
