import { CODECS, type Codec, TRUNK_TRANSPORTS, type TrunkTransport } from '@handset/gateway-config';
import { z } from 'zod';
import { idSchema, plainText, timestamp } from '../http/text.ts';
import { prefixSchema } from '../numbers/prefix.ts';
import { takesBrowsers } from './networks.ts';
import { formatSchema, shownFormat } from './number-format.ts';

const whole = (min: number, max: number) =>
  z
    .int({ error: 'must be a whole number' })
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
const oneOf = <const T extends readonly [string, ...string[]]>(names: T) =>
  z.enum(names, { error: `must be one of ${names.join(', ')}` });
const list = <T extends z.ZodType>(item: T, min: number, max: number) =>
  z
    .array(item, { error: 'must be a list' })
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

const hostSchema = z.strictObject({
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
const commonShape = {
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
const credentialShape = {
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
const registrationShape = {
  ...credentialShape,
  registrationSeconds: whole(60, 86_400).meta({ description: 'How long a registration is asked for' }),
};

const kinds = {
  address: { kind: z.literal('address'), ...commonShape },
  digest: { kind: z.literal('digest'), ...commonShape, ...credentialShape },
  registration: { kind: z.literal('registration'), ...commonShape, ...registrationShape },
};
const kindError = { error: 'must be address, digest or registration' };

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

/** Never shown again. */
export const passwordSchema = z
  .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 visible ASCII characters');

const { name, ...mayBeGiven } = commonShape;
const common = { name, ...z.object(mayBeGiven).partial().shape };
const credentials = {
  username: credentialShape.username,
  password: passwordSchema,
  realm: credentialShape.realm.optional(),
};
const carriers = oneOf(['twilio', 'telnyx']).optional();

/** What is given for a new trunk; a preset and the defaults stand for the rest. */
export const newTrunkSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('address'), preset: carriers, ...common }),
    z.strictObject({ kind: z.literal('digest'), preset: carriers, ...common, ...credentials }),
    z.strictObject({
      kind: z.literal('registration'),
      preset: oneOf(['telnyx', 'registrar']).optional(),
      ...common,
      ...credentials,
      registrationSeconds: registrationShape.registrationSeconds.optional(),
    }),
  ],
  kindError,
);
export type NewTrunk = z.output<typeof newTrunkSchema>;

/** What of a trunk is to be so from now on; its kind stays. */
export const trunkChangeSchema = z
  .strictObject({
    ...commonShape,
    ...registrationShape,
    password: passwordSchema,
    fromSettings: z.literal(true, { error: 'can only be set to true' }).meta({
      description: 'Its host is to be the one of HANDSET_TRUNK, or the simulated carrier, from now on',
    }),
  })
  .partial();
export type TrunkChange = z.output<typeof trunkChangeSchema>;

const shown = {
  id: idSchema,
  fromSettings: z.boolean().meta({
    description: 'Whether its host follows HANDSET_TRUNK; until its hosts are changed',
  }),
  createdAt: timestamp,
};

export const trunkExample = {
  id: 'tr5f0c2a9be1d84c7f9a3e6b10',
  kind: 'digest' as const,
  name: 'Twilio',
  fromSettings: false,
  ...TRUNK_DEFAULTS,
  hosts: [{ host: 'example.pstn.twilio.com', port: null }],
  inboundAddresses: ['54.172.60.0/30'],
  username: 'handset',
  realm: null,
  createdAt: '2026-01-31T09:30:00.000Z',
};

export const healthSchema = z.enum(['answers', 'silent', 'not-asked']).meta({
  description: 'By its OPTIONS. `not-asked`: it gets none, or the gateway has no answer yet',
});

export const registrationStateSchema = z.enum(['registered', 'refused', 'not-registered']);

/** What only the gateway knows. */
export const trunkStatusSchema = z
  .strictObject({
    health: healthSchema,
    hosts: z.array(
      z.strictObject({
        host: z.string(),
        port: z.int().nullable(),
        health: healthSchema,
        roundTripMs: z.number().nullable(),
        registration: registrationStateSchema
          .nullable()
          .meta({ description: 'Null where it does not register' }),
      }),
    ),
    callsUp: z.int().meta({ description: 'Calls on it now, in both directions' }),
  })
  .meta({ id: 'TrunkStatus' });

/** Every kind as the API shows it, with `more` beside it; a trunk that follows the settings may have no host yet. */
function shownTrunk<S extends z.ZodRawShape>(more: S) {
  const plain = { hosts: z.array(hostSchema), outboundFormat: shownFormat, inboundFormat: shownFormat };
  return z.discriminatedUnion('kind', [
    z.strictObject({ ...shown, ...kinds.address, ...plain, ...more }),
    z.strictObject({ ...shown, ...kinds.digest, ...plain, ...more }),
    z.strictObject({ ...shown, ...kinds.registration, ...plain, ...more }),
  ]);
}

export const trunkSchema = shownTrunk({}).meta({
  id: 'Trunk',
  description:
    'A carrier. `address`: each side knows the other by its address; `digest`: the carrier asks for a password at ' +
    'each call; `registration`: the gateway registers with it, too. Passwords are never shown.',
});

export const trunkWithStatusSchema = shownTrunk({
  status: trunkStatusSchema.nullable().meta({ description: 'Null where the gateway can’t be asked' }),
}).meta({ id: 'TrunkWithStatus' });
