import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { userExample, userIdSchema } from '../users/schemas.ts';
import { type Numbers, QUARANTINE_DAYS, releaseAt } from './numbers.ts';
import {
  assignedExample,
  byNumber,
  labelSchema,
  numberExample,
  numberSchema,
  reservedExample,
  secondsSchema,
} from './schemas.ts';
import type { NumberEvent } from './states.ts';

/** The problems of a number that is not available. */
const notAvailable = ['number-reserved', 'number-assigned', 'number-quarantined', 'number-porting'] as const;
const QUARANTINE_DAYS_MAX = 3_650;

/** What happens to a number from the inventory to a user and back: each way in is a PUT, each way out a DELETE. */
export function lifeRoutes(numbers: Numbers): Route[] {
  return [
    reserveNumber(numbers),
    cancel(numbers, 'reservation', 'cancelReservation', 'End a reservation', { type: 'cancel-reservation' }),
    assignNumber(numbers),
    releaseNumber(numbers),
    cancel(numbers, 'quarantine', 'endQuarantine', 'End a quarantine before its time', {
      type: 'end-quarantine',
    }),
    beginPorting(numbers),
    cancel(numbers, 'porting', 'endPorting', 'The number is ported: it is available', {
      type: 'end-porting',
    }),
  ];
}

function reserveNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'put',
    path: '/v1/numbers/{e164}/reservation',
    operationId: 'reserveNumber',
    summary: 'Reserve an available number for some time',
    description: 'Asked again for the same, the time begins anew.',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    params: byNumber,
    body: z.strictObject({ reservedFor: labelSchema, seconds: secondsSchema }),
    bodyExample: { reservedFor: 'order 4711', seconds: 900 },
    responses: {
      200: { description: 'The number, reserved', schema: numberSchema, example: reservedExample },
    },
    problems: ['no-such-number', ...notAvailable],
    handle: ({ params, body: { reservedFor, seconds }, change }) =>
      change(async (work) => {
        const until = work.now + seconds * 1000;
        const event = { type: 'reserve', reservedFor, until } as const;
        return { status: 200, body: await numbers.apply(work, params.e164, event) };
      }),
  });
}

function assignNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'put',
    path: '/v1/numbers/{e164}/assignment',
    operationId: 'assignNumber',
    summary: 'Assign a number to a user',
    description:
      'Calls to it ring that user; they call from it. It must be available, or reserved for the text given.',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    params: byNumber,
    body: z.strictObject({ userId: userIdSchema, reservedFor: labelSchema.optional() }),
    bodyExample: { userId: userExample.id },
    responses: {
      200: { description: 'The number, assigned', schema: numberSchema, example: assignedExample },
    },
    problems: ['no-such-number', ...notAvailable],
    handle: ({ params, body, change }) =>
      change(async (work) => ({
        status: 200,
        body: await numbers.apply(work, params.e164, { type: 'assign', ...body }),
      })),
  });
}

function releaseNumber(numbers: Numbers): Route {
  return defineRoute({
    method: 'delete',
    path: '/v1/numbers/{e164}/assignment',
    operationId: 'releaseNumber',
    summary: 'Take a number from its user',
    description: 'It goes into quarantine: people go on calling it for a while.',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    params: byNumber,
    query: z.strictObject({
      quarantineDays: z.coerce
        .number({ error: 'must be a number' })
        .int('must be a whole number')
        .min(0, 'must be at least 0')
        .max(QUARANTINE_DAYS_MAX, `must be at most ${QUARANTINE_DAYS_MAX}`)
        .default(QUARANTINE_DAYS)
        .meta({ description: '0: it is available at once' }),
    }),
    responses: { 204: { description: 'The number is nobody’s' } },
    problems: ['no-such-number'],
    handle: ({ params, query, change }) =>
      change(async (work) => {
        await numbers.apply(work, params.e164, releaseAt(work.now, query.quarantineDays));
        return { status: 204 };
      }),
  });
}

function beginPorting(numbers: Numbers): Route {
  return defineRoute({
    method: 'put',
    path: '/v1/numbers/{e164}/porting',
    operationId: 'beginPorting',
    summary: 'The number is on its way from or to another carrier: nobody gets it meanwhile',
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    params: byNumber,
    responses: {
      200: {
        description: 'The number, porting',
        schema: numberSchema,
        example: { ...numberExample, state: 'porting' },
      },
    },
    problems: ['no-such-number', 'number-reserved', 'number-assigned'],
    handle: ({ params, change }) =>
      change(async (work) => ({
        status: 200,
        body: await numbers.apply(work, params.e164, { type: 'begin-porting' }),
      })),
  });
}

function cancel(
  numbers: Numbers,
  what: 'reservation' | 'quarantine' | 'porting',
  operationId: string,
  summary: string,
  event: NumberEvent,
): Route {
  return defineRoute({
    method: 'delete',
    path: `/v1/numbers/{e164}/${what}`,
    operationId,
    summary,
    tag: 'Numbers',
    auth: 'operator',
    scope: 'numbers:write',
    params: byNumber,
    responses: { 204: { description: 'The number is available' } },
    problems: ['no-such-number', ...notAvailable],
    handle: ({ params, change }) =>
      change(async (work) => {
        await numbers.apply(work, params.e164, event);
        return { status: 204 };
      }),
  });
}
