import { createHmac } from 'node:crypto';

export interface TurnCredential {
  readonly username: string;
  readonly credential: string;
}

/**
 * A TURN credential that coturn (`use-auth-secret`) accepts until it expires, without being told of it:
 * draft-uberti-behave-turn-rest-00 section 2.2. The user name is `<expiry>:<id>`, the password its HMAC-SHA1.
 * @param expiresAt in ms since the epoch
 */
export function turnCredential(secret: string, deviceId: string, expiresAt: number): TurnCredential {
  const username = `${Math.floor(expiresAt / 1000)}:${deviceId}`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}
