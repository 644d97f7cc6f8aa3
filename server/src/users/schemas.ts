import { COMMON_EMERGENCY_NUMBERS, isE164, isExtension } from '@handset/gateway-config';
import { z } from 'zod';
import { idSchema, plainText, timestamp } from '../http/text.ts';

const PASSWORD_MIN = 8;
const PASSWORD_MAX = 200;

export const loginSchema = plainText(254)
  .toLowerCase()
  .regex(/^\S+$/, 'must not have spaces')
  .meta({ description: 'Upper and lower case are the same', example: 'ada' });

export const passwordSchema = z
  .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
  .min(PASSWORD_MIN, `must have at least ${PASSWORD_MIN} characters`)
  .max(PASSWORD_MAX, `must have at most ${PASSWORD_MAX} characters`)
  .refine((text) => text.isWellFormed(), 'must be Unicode text')
  .normalize('NFC')
  .meta({ example: 'correct horse battery', format: 'password' });

export const nameSchema = plainText(120).meta({
  description: 'Shown to those who are called',
  example: 'Ada Lovelace',
});

export const extensionSchema = z
  .string({ error: 'must be text of two to six digits' })
  .refine(isExtension, 'must be two to six digits, the first not 0')
  .refine((digits) => !COMMON_EMERGENCY_NUMBERS.includes(digits), 'must not be an emergency number')
  .meta({ example: '1001' });

export const e164Schema = z
  .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
  .refine(isE164, 'must be a number in E.164 form, such as +12025550150')
  .meta({ description: 'A telephone number in E.164 form', example: '+12025550150' });

export const userIdSchema = idSchema.meta({ example: 'us5f0c2a9be1d84c7f9a3e6b10' });

export const roleSchema = z.enum(['admin', 'user'], { error: 'must be admin or user' }).meta({
  id: 'Role',
  description: 'An admin’s session may do all that API keys may',
});

/** A user as operators see them. */
export const userSchema = z
  .strictObject({
    id: userIdSchema,
    name: nameSchema,
    login: loginSchema,
    role: roleSchema,
    extension: extensionSchema,
    number: e164Schema
      .nullable()
      .meta({ description: 'The number they call from; their first where they have several' }),
    disabled: z.boolean(),
    policyId: idSchema.nullable().meta({ description: 'Their calling permissions; null: the default ones' }),
    createdAt: timestamp,
  })
  .meta({ id: 'User' });

/** A user as they see themselves. */
export const selfSchema = userSchema
  .omit({ role: true, disabled: true, policyId: true, createdAt: true })
  .meta({ id: 'Self' });

export const userExample = {
  id: 'us5f0c2a9be1d84c7f9a3e6b10',
  name: 'Ada Lovelace',
  login: 'ada',
  role: 'user',
  extension: '1001',
  number: '+12025550150',
  disabled: false,
  policyId: null,
  createdAt: '2026-01-31T09:30:00.000Z',
} as const satisfies z.input<typeof userSchema>;

const { role: _role, disabled: _disabled, policyId: _policyId, createdAt: _createdAt, ...self } = userExample;
export const selfExample = self satisfies z.input<typeof selfSchema>;
