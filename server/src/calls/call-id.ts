import { z } from 'zod';

/** The gateway's id of a call: the same in its admission, while it is up, and in its record. */
export const callIdSchema = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'is not the id of a call')
  .meta({ description: 'The same while it is up and in its record', example: '1769851800.17' });
