import { CODECS, type Codec, TRUNK_TRANSPORTS, type TrunkTransport } from '@handset/gateway-config';
import { z } from 'zod';
import { plainText } from '../http/text.ts';
import { prefixSchema } from '../numbers/prefix.ts';
import { takesBrowsers } from './networks.ts';
import { formatSchema } from './number-format.ts';

const whole = (min: number, max: number) =>
  z
    .int({ error: 'must be a whole number' })
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
/** One of these names. */
export const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });
const list = <T extends z.ZodType>(item: T, min: number, max: number) =>
  z
    .array(item, { error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a list') })
    .min(min, `must have at least ${min}`)
    .max(max, `must have at most ${max}`)
    .refine((items) => new Set(items.map((one) => JSON.stringify(one))).size === items.length, {
      message: 'must not have the same twice',
    });

/** What stands before the `@` of a SIP address without being escaped (RFC 3261 §25.1). */
const SIP_USER = /^[A-Za-z0-9._~+*-]{1,64}$/;
const sipUser = z
  .string({ error: 'must be text' })
  .regex(SIP_USER, 'must be 1 to 64 letters, digits or any of . _ ~ + * -');
const hostName = z
  .string({ error: 'must be text' })
  .max(253, 'must have at most 253 characters')
  .toLowerCase()
  .regex(
    /^(?=.*[a-z0-9])(?!.*\.\.)[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/,
    'must be a host name or an IPv4 address; IPv6 is not supported',
  )
  .refine((host) => !/^[\d.]+$/.test(host) || z.ipv4().safeParse(host).success, 'is no IPv4 address');

/** Where a trunk's calls go. */
export const hostSchema = z.strictObject({
  host: hostName.meta({ example: 'example.pstn.twilio.com' }),
  port: whole(1, 65_535).nullable().default(null).meta({ description: 'Null: as DNS says' }),
});

const WIDEST = 8;
const sourceSchema = z
  .union([z.ipv4(), z.cidrv4()], { error: 'must be an IPv4 address or range such as 192.0.2.0/24' })
  .refine((range) => Number(range.split('/')[1] ?? 32) >= WIDEST, `must not be wider than /${WIDEST}`)
  .refine((range) => !takesBrowsers(range), 'is where browsers come from')
  .meta({ example: '192.0.2.0/24' });

const OPTIONS_SHORTEST = 5;

/** What every trunk has. */
export const commonShape = {
  name: plainText(120).meta({ example: 'Twilio' }),
  hosts: list(hostSchema, 1, 8).meta({ description: 'Tried in this order' }),
  transport: oneOf(TRUNK_TRANSPORTS),
  srtp: oneOf(['none', 'optional', 'required']).meta({
    description:
      'Whether the sound is encrypted (RFC 4568); the keys are safe only where the transport is tls',
  }),
  inboundAddresses: list(sourceSchema, 0, 200).meta({
    description: 'Whose calls are this trunk’s; where empty, the addresses of its hosts',
  }),
  codecs: list(oneOf(CODECS), 1, CODECS.length).meta({ description: 'The best first' }),
  outboundFormat: formatSchema,
  inboundFormat: formatSchema,
  callerIdHeader: oneOf(['from', 'pai', 'both']).meta({
    description: 'Where the caller’s number goes: From, P-Asserted-Identity (RFC 3325), or both',
  }),
  fromUser: sipUser.nullable().meta({ description: 'In From in place of the caller’s number' }),
  fromDomain: hostName.nullable().meta({ description: 'Host in From; null: HANDSET_DOMAIN' }),
  trustsPai: z
    .boolean({ error: 'must be true or false' })
    .meta({ description: 'Whether its P-Asserted-Identity is believed on inbound calls' }),
  priority: whole(0, 1_000).meta({ description: 'The lowest is tried first' }),
  weight: whole(1, 1_000).meta({ description: 'Share of calls among those of the same priority' }),
  prefixes: list(prefixSchema, 0, 300).meta({
    description:
      'Numbers that it takes, by their beginning; all where empty. The most specific trunk comes first',
  }),
  channelLimit: whole(1, 100_000).nullable().meta({ description: 'Outgoing calls at once' }),
  callsPerSecond: whole(1, 1_000).nullable(),
  progressSeconds: whole(1, 60).meta({
    description: 'How long it may be silent, without ringing or sound, before the next trunk is tried',
  }),
  optionsIntervalSeconds: whole(0, 3_600)
    .refine((seconds) => seconds === 0 || seconds >= OPTIONS_SHORTEST, {
      message: `must be 0 (never), or at least ${OPTIONS_SHORTEST}`,
    })
    .meta({
      description: 'Between two OPTIONS, by which the gateway knows whether its hosts answer; 0: never',
    }),
  enabled: z.boolean({ error: 'must be true or false' }),
};

const USERNAME = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
/** What a trunk with a password has beside it. */
export const credentialShape = {
  username: z
    .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
    .regex(USERNAME, 'must be visible ASCII without quotes or backslashes'),
  realm: z
    .string({ error: 'must be text' })
    .regex(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'must be ASCII without quotes or backslashes')
    .nullable()
    .meta({
      description:
        'The realm of the carrier’s challenges. Where it is given, only a digest of the password is kept, which is ' +
        'good for MD5 in this realm alone',
    }),
};
/** What one has that registers. */
export const registrationShape = {
  ...credentialShape,
  registrationSeconds: whole(60, 86_400).meta({ description: 'How long a registration is asked for' }),
};

/** The kinds of trunks, each with all that is said of one. */
export const kinds = {
  address: { kind: z.literal('address'), ...commonShape },
  digest: { kind: z.literal('digest'), ...commonShape, ...credentialShape },
  registration: { kind: z.literal('registration'), ...commonShape, ...registrationShape },
};
export const kindError = { error: 'must be address, digest or registration' };

/** All that is said of a trunk, complete. */
export const trunkSettingsSchema = z.discriminatedUnion(
  'kind',
  [z.strictObject(kinds.address), z.strictObject(kinds.digest), z.strictObject(kinds.registration)],
  kindError,
);
export type TrunkSettings = z.output<typeof trunkSettingsSchema>;

/** What a trunk has where nothing else is said. */
export const TRUNK_DEFAULTS = {
  transport: 'udp' as TrunkTransport,
  srtp: 'none',
  inboundAddresses: [] as string[],
  codecs: ['g722', 'pcmu', 'pcma'] as Codec[],
  outboundFormat: { form: 'e164' },
  inboundFormat: { form: 'e164' },
  callerIdHeader: 'both',
  fromUser: null,
  fromDomain: null,
  trustsPai: false,
  priority: 10,
  weight: 10,
  prefixes: [] as string[],
  channelLimit: null,
  callsPerSecond: null,
  progressSeconds: 6,
  optionsIntervalSeconds: 30,
  enabled: true,
} as const;
export const CREDENTIAL_DEFAULTS = { realm: null } as const;
export const REGISTRATION_DEFAULTS = { ...CREDENTIAL_DEFAULTS, registrationSeconds: 3_600 } as const;
