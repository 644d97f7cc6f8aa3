import type { Page } from 'playwright-core';
import { z } from 'zod';

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
