import type { Page, Route } from 'playwright-core';
import { z } from 'zod';
import type { LabUnderTest } from './lab.global.ts';
import { query } from './lab-database.ts';

/** The answer of `GET /v1/phone-config`, as far as tests look at it. */
const phoneConfig = z.looseObject({
  sip: z.looseObject({
    uri: z.string(),
    authorizationUser: z.string(),
    password: z.string(),
    realm: z.string(),
  }),
  webSockets: z.array(z.string()),
  iceServers: z.array(
    z.looseObject({
      urls: z.array(z.string()),
      username: z.string().optional(),
      credential: z.string().optional(),
    }),
  ),
});

export type PhoneConfig = Readonly<z.output<typeof phoneConfig>>;

/** The next one that a page receives. */
export async function nextPhoneConfig(page: Page): Promise<PhoneConfig> {
  const response = await page.waitForResponse(
    (answer) => answer.url().endsWith('/v1/phone-config') && answer.ok(),
  );
  return phoneConfig.parse(await response.json());
}

/** The one in an answer to a program. */
export async function readPhoneConfig(response: Response): Promise<PhoneConfig> {
  if (!response.ok) throw new Error(`phone-config answered ${response.status}: ${await response.text()}`);
  return phoneConfig.parse(await response.json());
}

/**
 * Lets the next credential that a page is given live for a short time, as the gateway and the page see it.
 * @param lifeMs milliseconds
 * @returns its name, and its end in milliseconds since the epoch
 */
export function shortenNextCredential(
  page: Page,
  lab: Pick<LabUnderTest, 'data' | 'database'>,
  lifeMs: number,
): Promise<{ readonly name: string; readonly endsAt: number }> {
  const address = '**/v1/phone-config';
  return new Promise((resolve, reject) => {
    const shorten = async (route: Route) => {
      const response = await route.fetch();
      if (!response.ok()) return route.fulfill({ response });
      const config = phoneConfig.parse(await response.json());
      const name = config.sip.authorizationUser;
      const endsAt = Date.now() + lifeMs;
      await query(lab, 'UPDATE credentials SET expires_at = ? WHERE id = ?', [endsAt, name]);
      const sip = { ...config.sip, expiresAt: new Date(endsAt).toISOString() };
      await route.fulfill({ response, json: { ...config, sip } });
      await page.unroute(address);
      resolve({ name, endsAt });
    };
    void page.route(address, (route) => shorten(route).catch(reject));
  });
}
