import { z } from 'zod';
import { type Secret, secret } from './identifiers.ts';

const random = z
  .string()
  .min(32, 'is too short to be a random secret')
  .transform((text): Secret => secret(text));

/**
 * The secrets that the parts share, kept in `secrets.json` (mode 600) in the data directory.
 * Each is random, made at first start; there are no default passwords.
 */
export const secretsSchema = z.object({
  /** Shared by the server and coturn (`use-auth-secret`). */
  turn: random,
  /** The server's password on the gateway's manager interface. */
  ami: random,
  /** With it the gateway authenticates on the server's private listener. */
  internal: random,
  /** Of the account that the simulated carrier has for a gateway that registers with it. */
  carrier: random,
  /** The operator's first API key. */
  apiKey: random,
  /** The server's password on PostgreSQL (compose). */
  database: random,
  /** The gateway's own, less privileged password on PostgreSQL (compose). */
  gatewayDatabase: random,
});

export type Secrets = Readonly<z.output<typeof secretsSchema>>;

/**
 * @param randomText makes one random text of at least 32 URL-safe characters
 * @param kept secrets of an earlier start, which stay as they are
 */
export function completeSecrets(
  randomText: () => string,
  kept: Readonly<Record<string, unknown>> = {},
): Secrets {
  const names = Object.keys(secretsSchema.shape);
  return secretsSchema.parse(Object.fromEntries(names.map((name) => [name, kept[name] ?? randomText()])));
}
