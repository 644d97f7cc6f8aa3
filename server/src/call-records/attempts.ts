import { z } from 'zod';

/** One trunk that a call was tried on. */
export const attemptSchema = z.strictObject({
  trunk: z.string(),
  outcome: z.string().meta({
    description:
      'A SIP status that the carrier gave; or `no-reply` (nothing was heard of it), `no-answer` (it rang to the end), ' +
      '`full` (its limits were reached), `cancelled` (the caller gave up), `completed` (it was answered)',
    example: '503',
  }),
});

export type Attempt = z.output<typeof attemptSchema>;

/** @param text as the dialplan writes it: `trunk outcome`, with slashes between */
export function readAttempts(text: string | null): Attempt[] {
  return (text ?? '')
    .split('/')
    .filter((one) => one !== '')
    .map((one) => {
      const [trunk = '', outcome = ''] = one.split(' ');
      return { trunk, outcome };
    });
}
