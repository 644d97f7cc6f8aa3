import { z } from 'zod';
import { plainText, timestamp } from '../http/text.ts';
import { e164Schema, userExample, userIdSchema } from '../users/schemas.ts';
import { numberStates } from './states.ts';

export const stateSchema = z.enum(numberStates, { error: `must be one of ${numberStates.join(', ')}` }).meta({
  id: 'NumberState',
  description:
    'Reserved numbers are available again when their time is over, and so are quarantined ones: numbers that were ' +
    'somebody’s before. Ported ones come from another carrier, or go to one.',
});

export const labelSchema = plainText(100).meta({
  description: 'Any text of your own: who knows it can renew the reservation, and assign the number',
  example: 'order 4711',
});

export const numberSchema = z
  .strictObject({
    e164: e164Schema,
    state: stateSchema,
    userId: userIdSchema.nullable().meta({ description: 'Whose it is, while it is assigned' }),
    reservedFor: z.string().nullable(),
    until: timestamp.nullable().meta({ description: 'When reservation or quarantine are over' }),
    createdAt: timestamp,
  })
  .meta({ id: 'Number' });

export const numberExample = {
  e164: '+12025550150',
  state: 'available' as const,
  userId: null,
  reservedFor: null,
  until: null,
  createdAt: '2026-01-31T09:30:00.000Z',
};
export const assignedExample = { ...numberExample, state: 'assigned' as const, userId: userExample.id };
export const reservedExample = {
  ...numberExample,
  state: 'reserved' as const,
  reservedFor: 'order 4711',
  until: '2026-01-31T09:45:00.000Z',
};

export const byNumber = z.strictObject({ e164: e164Schema });

const RESERVATION_SECONDS = 900;
const RESERVATION_SECONDS_MAX = 30 * 24 * 3_600;

export const secondsSchema = z
  .int({ error: 'must be a whole number of seconds' })
  .min(1, 'must be at least 1')
  .max(RESERVATION_SECONDS_MAX, `must be at most ${RESERVATION_SECONDS_MAX}`)
  .default(RESERVATION_SECONDS)
  .meta({ description: 'How long it is reserved' });
