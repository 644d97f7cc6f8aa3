import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { codecSchema } from '../call-quality/codecs.ts';
import { callQualityExample, callQualitySchema } from '../call-quality/schemas.ts';
import { callIdSchema } from '../calls/call-id.ts';
import { nextCursor, pageQuery } from '../http/page.ts';
import { Problem } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { flag, idSchema, plainText, timeSchema, timestamp } from '../http/text.ts';
import { extensionSchema, userExample, userIdSchema } from '../users/schemas.ts';
import { attemptSchema } from './attempts.ts';
import type { CallRecord, CallRecords } from './call-records.ts';

const directionSchema = z.enum(['inbound', 'outbound', 'internal'], {
  error: 'must be inbound, outbound or internal',
});

const recordSchema = z
  .strictObject({
    id: callIdSchema,
    direction: directionSchema.nullable(),
    extension: z
      .string()
      .nullable()
      .meta({ description: 'The caller’s, on outbound and internal calls; else the called one' }),
    user: z
      .strictObject({ id: idSchema, name: z.string().nullable() })
      .nullable()
      .meta({ description: 'Whose extension it was then; the name is null once they are deleted' }),
    device: z
      .strictObject({ id: idSchema, userAgent: z.string().nullable() })
      .nullable()
      .meta({ description: 'The one that called, or that answered' }),
    number: z.string().nullable().meta({ description: 'The other party' }),
    ownNumber: z
      .string()
      .nullable()
      .meta({ description: 'The user’s own number: shown to the called, or called' }),
    trunk: z.string().nullable().meta({ description: 'The last one that it was on' }),
    attempts: z.array(attemptSchema).meta({ description: 'Trunks that it was tried on, in their order' }),
    startedAt: timestamp.nullable(),
    answeredAt: timestamp.nullable(),
    endedAt: timestamp.nullable(),
    durationMs: z.int().meta({ description: 'From answer to end; 0 where nobody answered' }),
    reason: z.string().nullable().meta({ description: 'Why it ended', example: 'completed' }),
    reasonInWords: z.string().nullable().meta({ description: 'The same, for people' }),
    sipStatus: z.int().nullable().meta({ description: 'The final status of its INVITE (RFC 3261)' }),
    codec: z.string().nullable().meta({ description: 'Between the user’s phone and the gateway' }),
    quality: callQualitySchema,
  })
  .meta({ id: 'CallRecord', description: 'One call, written by the gateway when it ended' });

const example = {
  id: '1769851800.17',
  direction: 'outbound' as const,
  extension: '1001',
  user: { id: userExample.id, name: 'Ada Lovelace' },
  device: { id: 'de1f0c2a9be1d84c7f9a3e6b10', userAgent: 'Mozilla/5.0' },
  number: '+12025550101',
  ownNumber: '+12025550150',
  trunk: 'trunk',
  attempts: [
    { trunk: 'tr5f0c2a9be1d84c7f9a3e6b10', outcome: '503' },
    { trunk: 'trunk', outcome: 'completed' },
  ],
  startedAt: '2026-01-31T09:30:00.000Z',
  answeredAt: '2026-01-31T09:30:04.120Z',
  endedAt: '2026-01-31T09:32:09.500Z',
  durationMs: 125_380,
  reason: 'completed',
  reasonInWords: 'It was answered, and one side ended it.',
  sipStatus: 200,
  codec: 'opus',
  quality: callQualityExample,
};

const filters = {
  userId: userIdSchema.optional(),
  extension: extensionSchema.optional(),
  direction: directionSchema.optional(),
  number: plainText(64)
    // An unescaped `+` arrives as a space, which is trimmed.
    .transform((text) => text.replace(/^(?=\d{7})/, '+'))
    .optional()
    .meta({ description: 'The other party, or the user’s own' }),
  trunk: idSchema.optional().meta({ description: 'Its last trunk, or one that it was tried on' }),
  reason: plainText(32).optional(),
  answered: flag.optional(),
  codec: codecSchema.optional().meta({ description: 'Of any of its ends' }),
  minLossPercent: z.coerce
    .number({ error: 'must be a number' })
    .min(0, 'must be at least 0')
    .max(100, 'must be at most 100')
    .optional()
    .meta({ description: 'Some end of it missed at least this share of the packets' }),
  from: timeSchema.optional().meta({ description: 'Begun then or later' }),
  to: timeSchema.optional().meta({ description: 'Begun before then' }),
};

export function callRecordRoutes(records: CallRecords): Route[] {
  return [listCallRecords(records), getCallRecord(records), exportCallRecords(records)];
}

function listCallRecords(records: CallRecords): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/call-records',
    operationId: 'listCallRecords',
    summary: 'List calls, the last one first',
    tag: 'Calls',
    auth: 'operator',
    scope: 'calls:read',
    query: z.strictObject({ ...pageQuery, ...filters }),
    responses: {
      200: {
        description: 'A page of call records',
        schema: z
          .strictObject({ callRecords: z.array(recordSchema), next: nextCursor })
          .meta({ id: 'CallRecordPage' }),
        example: { callRecords: [example], next: null },
      },
    },
    handle: async ({ query }) => ({ status: 200, body: await records.list(query) }),
  });
}

function getCallRecord(records: CallRecords): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/call-records/{id}',
    operationId: 'getCallRecord',
    summary: 'Read the record of one call',
    description: 'It has the id that the call had while it was up, and is there once the call has ended.',
    tag: 'Calls',
    auth: 'operator',
    scope: 'calls:read',
    params: z.strictObject({ id: callIdSchema }),
    responses: { 200: { description: 'The call record', schema: recordSchema, example } },
    problems: ['no-such-call'],
    async handle({ params }) {
      const record = await records.get(params.id);
      if (!record) throw new Problem('no-such-call', 'No call that has ended has this id.');
      return { status: 200, body: record };
    },
  });
}

const ends = ['phone', 'gateway', 'other', 'otherPhone'] as const;
const measures = ['lossPercent', 'jitterMs', 'roundTripMs', 'mos'] as const;

const columns = [
  'id',
  'direction',
  'extension',
  'userId',
  'userName',
  'deviceId',
  'number',
  'ownNumber',
  'trunk',
  'attempts',
  'startedAt',
  'answeredAt',
  'endedAt',
  'durationMs',
  'reason',
  'reasonInWords',
  'sipStatus',
  'codec',
  ...ends.flatMap((end) => measures.map((measure) => `${end}.${measure}` as const)),
] as const;

/** What a column `a.b` stands for is found as `b` in `a`. */
function rowOf({ user, device, quality, attempts, ...record }: CallRecord) {
  const tried = attempts.map(({ trunk, outcome }) => `${trunk} ${outcome}`).join(' ');
  return {
    ...record,
    ...quality,
    attempts: tried,
    userId: user?.id,
    userName: user?.name,
    deviceId: device?.id,
  };
}

function exportCallRecords(records: CallRecords): Route {
  return defineRoute({
    method: 'get',
    path: '/v1/call-records.csv',
    operationId: 'exportCallRecords',
    summary: 'All calls that fit as CSV, in a stream, the last one first',
    description: 'A text that a spreadsheet would take for a formula has an apostrophe before it.',
    tag: 'Calls',
    auth: 'operator',
    scope: 'calls:read',
    query: z.strictObject(filters),
    responses: {
      200: {
        description: 'The call records',
        schema: z.string(),
        contentType: 'text/csv',
        example: `${columns.join(',')}\n1769851800.17,outbound,1001,…\n`,
      },
    },
    handle: async ({ query }) => ({
      status: 200,
      headers: { 'Content-Disposition': 'attachment; filename="call-records.csv"' },
      stream: csvOf(records.export(query)),
    }),
  });
}

async function* csvOf(records: AsyncIterable<CallRecord>): AsyncGenerator<string, void, void> {
  yield `${columns.join(',')}\n`;
  for await (const record of records) yield lineOf(record);
}

function lineOf(record: CallRecord): string {
  return stringify([rowOf(record)], { columns: [...columns], cast: { string: notFormula } });
}

/** A caller ID is whatever a stranger sent; a telephone number with its `+` is harmless. */
function notFormula(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^\+\d+$/.test(text) ? `'${text}` : text;
}
