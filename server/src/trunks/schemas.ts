import { z } from 'zod';
import { idSchema, timestamp } from '../http/text.ts';
import { shownFormat } from './number-format.ts';
import {
  commonShape,
  credentialShape,
  hostSchema,
  kindError,
  kinds,
  oneOf,
  registrationShape,
  TRUNK_DEFAULTS,
} from './settings.ts';

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
