import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A random text of `bits` bits in lower-case hex: an id says nothing of what it names. */
export function randomId(prefix: string, bits = 96): string {
  return prefix + randomBytes(bits / 8).toString('hex');
}

/** A random secret, URL-safe. */
export function randomSecret(bits: number): string {
  return randomBytes(bits / 8).toString('base64url');
}

/** SHA-256 in hex: enough to keep what is random and long; never for what people choose. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compares in a time that does not depend on where (or in length whether) the two differ. */
export function sameSecret(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
