import type { Request } from 'express';
import { Problem } from './problem.ts';

/**
 * Refuses what a page of another site made the browser send (CSRF, sign-in CSRF included). `SameSite=Strict`
 * already keeps the cookie back; this holds where that does not reach: a page on the same site (another port,
 * a sibling domain), and sign-in, which needs no cookie. A request with neither header comes from no browser.
 * @param publicOrigin the origin people open, allowed whatever the proxies in between make of the Host
 */
export function refuseOtherSites(request: Request, publicOrigin: string): void {
  const site = request.headers['sec-fetch-site'];
  const { origin } = request.headers;
  const fromElsewhere = typeof site === 'string' && site !== 'same-origin' && site !== 'none';
  const ownOrigins = [publicOrigin, `${request.protocol}://${request.host}`];
  if (fromElsewhere || (origin !== undefined && !ownOrigins.includes(origin))) {
    throw new Problem('cross-site', 'This can only be asked from the phone’s own page.');
  }
}
