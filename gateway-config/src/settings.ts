import { isSupportedCountry } from 'libphonenumber-js';
import { z } from 'zod';
import { isCodec } from './codecs.ts';
import { HIGHEST_PAGE_PORT, type PortRange } from './ports.ts';

const port = z.coerce
  .number({ error: 'must be a number' })
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(HIGHEST_PAGE_PORT, `must be at most ${HIGHEST_PAGE_PORT}: nine more ports follow it`);
/** TURN, which can't be told that a device was revoked, accepts its credential until then. */
const LONGEST_CREDENTIAL_S = 43_200;
const extensionNumber = (fallback: number) =>
  z.coerce.number({ error: 'must be a number' }).int().min(10).max(999_999).default(fallback);

/** Ten calls between a browser and a carrier: RTP and RTCP on either side. */
const FEWEST_RTP_PORTS = 40;

function portRange(text: string): PortRange {
  const [first = 0, last = 0] = text.split('-').map(Number);
  return { first, last };
}

function isWideEnough({ first, last }: PortRange): boolean {
  return first >= 1024 && last <= 65_535 && last - first + 1 >= FEWEST_RTP_PORTS;
}

function isCodecOrder(text: string): boolean {
  const names = text.split(',');
  return new Set(names).size === names.length && names.every(isCodec);
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Every setting, its meaning and its default. The README's table is made from this schema. */
export const settingsSchema = z
  .object({
    HANDSET_DATA: z.string().min(1).default('.handset').describe('Data directory: database, secrets, logs'),
    HANDSET_PORT: port.default(8080).describe('Port of the page; all other ports follow from it'),
    HANDSET_TURN_PORT: port.optional().describe('Port of STUN and TURN, if not HANDSET_PORT + 8'),
    HANDSET_BIND: z
      .ipv4({ error: 'must be an IPv4 address' })
      .default('127.0.0.1')
      .describe('Address the page listens on'),
    HANDSET_PUBLIC_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address people open, if not http://localhost:HANDSET_PORT'),
    HANDSET_TLS: z
      .enum(['acme', 'internal'], { error: 'must be acme or internal' })
      .optional()
      .describe(
        "Whose certificate an https HANDSET_PUBLIC_URL has: `acme` (Let's Encrypt's) or `internal` (of a CA of its own); a TLS proxy in front has it when not set",
      ),
    HANDSET_EMBED_ORIGINS: z
      .string()
      .transform((text) => text.split(',').map((origin) => origin.trim()))
      .refine(
        (origins) => origins.every(isOrigin),
        'must be origins such as https://shop.example, with commas between',
      )
      .optional()
      .describe('Origins of other pages that may embed the phone, with commas between'),
    HANDSET_EXTERNAL_ADDRESS: z
      .ipv4({ error: 'must be an IPv4 address' })
      .optional()
      .describe("The gateway's and coturn's public address, when behind NAT"),
    HANDSET_RTP_PORTS: z
      .string()
      .regex(/^\d{4,5}-\d{4,5}$/, 'must be a range of UDP ports such as 20000-20599')
      .transform(portRange)
      .refine(isWideEnough, `must hold at least ${FEWEST_RTP_PORTS} ports from 1024 to 65535`)
      .optional()
      .describe("The gateway's RTP ports as first-last; a block that follows from HANDSET_PORT when not set"),
    HANDSET_DOMAIN: z.hostname().default('handset.local').describe('Domain of the SIP addresses'),
    HANDSET_COUNTRY: z
      .string()
      .length(2)
      .toUpperCase()
      .refine(isSupportedCountry, 'must be a two-letter country code such as US or KR')
      .default('US')
      .describe('Country in whose national form numbers may be typed'),
    HANDSET_EMERGENCY_NUMBERS: z
      .string()
      .transform((text) => text.split(',').map((number) => number.trim()))
      .refine(
        (numbers) => numbers.every((number) => /^\d{3,6}$/.test(number)),
        'must be numbers such as 112,119',
      )
      .optional()
      .describe('Emergency numbers in place of the common ones and those of HANDSET_COUNTRY'),
    HANDSET_EXTENSION_FIRST: extensionNumber(1001).describe('First extension given to a user'),
    HANDSET_EXTENSION_LAST: extensionNumber(9999).describe('Last extension given to a user'),
    HANDSET_CREDENTIAL_TTL: z.coerce
      .number({ error: 'must be a number of seconds' })
      .int()
      .min(60)
      .max(LONGEST_CREDENTIAL_S, `must be at most ${LONGEST_CREDENTIAL_S}, which is twelve hours`)
      .default(LONGEST_CREDENTIAL_S)
      .describe("Lifetime of a device's SIP and TURN credentials, in seconds; twelve hours at most"),
    HANDSET_BAN_FAILURES: z.coerce
      .number({ error: 'must be a number' })
      .int('must be a whole number')
      .min(0, 'must be at least 0')
      .max(10_000, 'must be at most 10000')
      .default(20)
      .describe('Failed SIP authentications that ban an address; 0: none is ever banned'),
    HANDSET_BAN_SECONDS: z.coerce
      .number({ error: 'must be a number of seconds' })
      .int()
      .min(60)
      .default(600)
      .describe('How long such a ban lasts, in seconds; failures count for as long'),
    HANDSET_TRUNK: z
      .string()
      .regex(/^[a-z0-9.-]+(:\d{1,5})?$/i, 'must be host or host:port')
      .optional()
      .describe('Carrier to send calls to, as host or host:port; the simulated one when not set'),
    HANDSET_SIP_BIND: z
      .ipv4({ error: 'must be an IPv4 address' })
      .optional()
      .describe('Address the gateway takes SIP of carriers on; 127.0.0.1, or 0.0.0.0 with HANDSET_TRUNK'),
    HANDSET_TRUNK_CA: z
      .string()
      .optional()
      .describe(
        "File with the authorities (PEM) that certificates of carriers called over TLS must come from; browsers' when not set",
      ),
    HANDSET_CODECS: z
      .string()
      .refine(isCodecOrder, 'must name codecs, each once, such as g722,pcmu,pcma,opus')
      .default('opus,g722,pcmu,pcma')
      .describe('In which order phones offer codecs; see docs/decisions/0019'),
    HANDSET_OUTSIDE_CODECS: z
      .enum(['trunk', 'phone'], { error: 'must be trunk or phone' })
      .default('trunk')
      .describe(
        'Whose codecs phones have in outside calls: `trunk`, so that the gateway translates nothing, or `phone`, those of HANDSET_CODECS (Opus with FEC on a bad network)',
      ),
    HANDSET_STUN: z
      .string()
      .regex(/^stuns?:\S+$/, 'must be a STUN address such as stun:stun.example.com:3478')
      .optional()
      .describe('STUN server to offer in place of the own one'),
    HANDSET_RELAY_ONLY: z
      .stringbool({ error: 'must be true or false' })
      .default(false)
      .describe(
        "Whether all of the browsers' media goes through TURN, and their addresses stay unknown to others",
      ),
    HANDSET_LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
      .default('info')
      .describe('How much the server logs'),
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' })
      .optional()
      .describe('PostgreSQL to use in place of SQLite'),
  })
  .refine((s) => s.HANDSET_TLS === undefined || s.HANDSET_PUBLIC_URL?.startsWith('https://') === true, {
    path: ['HANDSET_TLS'],
    message: 'needs an HANDSET_PUBLIC_URL that begins with https://',
  })
  .refine((s) => s.HANDSET_EXTENSION_FIRST <= s.HANDSET_EXTENSION_LAST, {
    path: ['HANDSET_EXTENSION_LAST'],
    message: 'must not be below HANDSET_EXTENSION_FIRST',
  });

export type Settings = Readonly<z.output<typeof settingsSchema>>;

/** Settings that can't be used: every fault at once, each with its name. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`These settings need mending:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

/**
 * Reads the settings from an environment. An empty variable counts as not set.
 * @throws SettingsError naming every faulty setting, a misspelt `HANDSET_` name among them
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const known = new Set([...Object.keys(settingsSchema.shape), ...INTERNAL_VARIABLES]);
  const unknown = given
    .map(([name]) => name)
    .filter((name) => name.startsWith('HANDSET_') && !known.has(name));
  const parsed = settingsSchema.safeParse(Object.fromEntries(given));
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...unknown.map((name) => `${name}: no such setting`),
  ];
  if (!parsed.success || faults.length > 0) throw new SettingsError(faults);
  return parsed.data;
}

/** Names that Handset's own processes hand to each other; not for people to set. */
const INTERNAL_VARIABLES = ['HANDSET_SECRETS', 'HANDSET_TOPOLOGY'] as const;

/** The environment that gives these settings to another process. */
export function environmentOf(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, textOf(value)]])),
  );
}

function textOf(value: string | number | boolean | PortRange | readonly string[]): string {
  // A list is written with commas.
  return typeof value === 'object' && 'first' in value ? `${value.first}-${value.last}` : String(value);
}

/** The settings as a Markdown table: name, default, meaning. */
export function settingsTable(): string {
  const defaults: Readonly<Record<string, unknown>> = readSettings({});
  const rows = Object.entries(settingsSchema.shape).map(([name, field]) => {
    const fallback = defaults[name] === undefined ? '–' : `\`${defaults[name]}\``;
    return `| \`${name}\` | ${fallback} | ${field.description} |`;
  });
  return ['| setting | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}
