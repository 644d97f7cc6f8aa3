import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { randomId } from '../random.ts';
import { userExample, userIdSchema } from '../users/schemas.ts';
import { IMPORT_MAX, importTypes, readImport } from './import.ts';
import type { Numbers } from './numbers.ts';
import { prefixSchema } from './prefix.ts';
import { assignedExample, labelSchema, numberSchema, secondsSchema } from './schemas.ts';

/** Longer than 10,000 lines in either form. */
const IMPORT_LIMIT_BYTES = 1024 * 1024;

export function claimNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/numbers/claim',
    operationId: 'claimNumber',
    summary: 'Get any available number that begins so',
    description:
      'With a user it is assigned to them; without, it is reserved for the text given, or for one made up here. ' +
      'Of many who claim at once each gets another number.',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    body: z.strictObject({
      prefix: prefixSchema,
      userId: userIdSchema.optional(),
      reservedFor: labelSchema.optional(),
      seconds: secondsSchema,
    }),
    bodyExample: { prefix: '+1202', userId: userExample.id },
    responses: {
      200: {
        description: 'The number, assigned or reserved',
        schema: numberSchema,
        example: assignedExample,
      },
    },
    problems: ['no-number-left'],
    handle: ({ body: { prefix, userId, seconds, reservedFor = randomId('rs') }, change }) =>
      change(async (work) => {
        const until = work.now + seconds * 1000;
        const event =
          userId === undefined
            ? ({ type: 'reserve', reservedFor, until } as const)
            : ({ type: 'assign', userId } as const);
        return { status: 200, body: await numbers.claim(work, { prefix, event }) };
      }),
  });
}

export function importNumbers(numbers: Numbers): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/numbers/import',
    operationId: 'importNumbers',
    summary: 'Add many numbers at once, all or none',
    description:
      `Up to ${IMPORT_MAX}, as JSON lines or as CSV with the header \`e164\`. Where any can’t be taken, none is, ` +
      'and every bad line is named with its reason.',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    body: z.strictObject({ type: z.string(), text: z.string() }),
    textBody: { limitBytes: IMPORT_LIMIT_BYTES, types: importTypes },
    responses: {
      201: {
        description: 'How many were added',
        schema: z.strictObject({ imported: z.int() }),
        example: { imported: 2 },
      },
    },
    problems: ['import-refused', 'number-exists'],
    async handle({ body: { type, text }, change }) {
      const read = await readImport(type, text, (some) => numbers.known(some));
      return change(async (work) => {
        await numbers.create(work, read);
        return { status: 201, body: { imported: read.length } };
      });
    },
  });
}
