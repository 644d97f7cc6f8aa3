import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

export type { Logger } from 'pino';

/**
 * Names under which a secret might reach a log line by mistake. What is logged on purpose is chosen field by
 * field (see `http/request-log.ts`); this is the net below it.
 */
const secretNames = [
  'password',
  'passwordHash',
  'password_hash',
  'secret',
  'credential',
  'ha1',
  'apiKey',
  'token',
  'authorization',
  'cookie',
  '["set-cookie"]',
  'connectionString',
];

/**
 * JSON lines on stdout.
 * @param level the lowest level that is written
 * @param destination where lines go, if not stdout (tests)
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { part: 'server' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: stdSerializers.errWithCause },
    redact: {
      paths: secretNames.flatMap((name) => {
        const joined = name.startsWith('[') ? name : `.${name}`;
        return [name, `*${joined}`, `*.*${joined}`];
      }),
      censor: '[redacted]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
