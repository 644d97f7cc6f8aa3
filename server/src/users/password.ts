import { hash, verify } from '@node-rs/argon2';

/** @returns the password's argon2id hash in PHC form (OWASP's least parameters: 19 MiB, two passes) */
export function hashPassword(password: string): Promise<string> {
  return hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 });
}

let dummy: Promise<string> | undefined;

/**
 * Compares in the same time whether or not there is such a user.
 * @param passwordHash of the user; `undefined` where there is none
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  dummy ??= hashPassword('no user has this');
  const matches = await verify(passwordHash ?? (await dummy), password);
  return matches && passwordHash !== undefined;
}

/** Makes the first sign-in with an unknown login as quick as the later ones. */
export async function warmPasswords(): Promise<void> {
  await verifyPassword(undefined, '');
}
