import { z } from 'zod';
import type { Database } from '../db/database.ts';
import { faultyField } from '../http/problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { userExample, userIdSchema } from '../users/schemas.ts';
import { admit, wouldAdmit } from './admit.ts';
import { type Decision, refusalReasons } from './decide.ts';
import type { AdmissionWorld } from './snapshot.ts';
import { moveOn } from './trunk-places.ts';

const text = (max: number) =>
  z
    .string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be text') })
    .max(max, `must have at most ${max} characters`)
    .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), 'must not have control characters');

const requestSchema = z.strictObject({
  callId: text(128).meta({ description: "The gateway's id of the call (linkedid)" }),
  extension: text(32).meta({ description: 'Extension of the authenticated caller' }),
  dialed: text(256).meta({ description: 'What was dialled, as it was sent' }),
});

const attemptSchema = z.strictObject({
  trunk: z.string(),
  uri: z.string().meta({ description: 'Where the call is sent' }),
  callerId: z.string().meta({ description: 'As this trunk writes it' }),
  progressSeconds: z.int().meta({ description: 'Silent for so long, and the next attempt is due; 0: never' }),
  ask: z.boolean().meta({ description: 'Whether a place on the trunk is to be asked for before' }),
});

const attemptExample = {
  trunk: 'trunk',
  uri: 'sip:+12025550101@127.0.0.9:8087',
  callerId: '+12025550150',
  progressSeconds: 0,
  ask: false,
};

const decisionSchema = z.discriminatedUnion('decision', [
  z.strictObject({
    decision: z.literal('trunk'),
    number: z.string(),
    callerId: z.string(),
    callerName: z.string(),
    attempts: z.array(attemptSchema).min(1),
    maxDurationMs: z.int(),
  }),
  z.strictObject({ decision: z.literal('internal'), extension: z.string() }),
  z.strictObject({
    decision: z.literal('refuse'),
    reason: z.enum(refusalReasons),
  }),
]);

export interface AdmissionContext {
  readonly database: Database;
  readonly world: AdmissionWorld;
  readonly onDecision: (decision: Decision, callId: string) => void;
}

/** The gateway's question before an outgoing call; private listener only. */
export function admissionRoutes({ database, world, onDecision }: AdmissionContext): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/internal/admissions',
      operationId: 'admitCall',
      summary: 'Whether and where an outgoing call may go',
      tag: 'Gateway',
      auth: 'gateway',
      body: requestSchema,
      bodyExample: { callId: '1769851800.17', extension: '1001', dialed: '202 555 0101' },
      responses: {
        200: {
          description: 'The decision',
          schema: decisionSchema,
          example: {
            decision: 'trunk',
            number: '+12025550101',
            callerId: '+12025550150',
            callerName: 'Ada Lovelace',
            attempts: [attemptExample],
            maxDurationMs: 14_400_000,
          },
        },
      },
      async handle({ body }) {
        const decision = await admit(database, body, world);
        onDecision(decision, body.callId);
        return { status: 200, body: answerOf(decision) };
      },
    }),
    placeRoute(database),
  ];
}

function placeRoute(database: Database): Route {
  return defineRoute({
    method: 'post',
    path: '/internal/places',
    operationId: 'takePlace',
    summary: 'Whether a call that failed on one trunk may go on to the next',
    tag: 'Gateway',
    auth: 'gateway',
    body: z.strictObject({ callId: text(128), trunk: text(64) }),
    bodyExample: { callId: '1769851800.17', trunk: 'trunk' },
    responses: {
      200: {
        description: 'Whether it has a place there now',
        schema: z.strictObject({ granted: z.boolean() }),
        example: { granted: true },
      },
    },
    handle: async ({ body: { callId, trunk } }) => ({
      status: 200,
      body: { granted: await moveOn(database, { callId, trunkId: trunk }) },
    }),
  });
}

/** What the gateway needs of a decision: it acts on it, and asks for no reasons. */
function answerOf(decision: Decision) {
  switch (decision.decision) {
    case 'trunk': {
      const { number, callerId, callerName, attempts, maxDurationMs } = decision;
      return { decision: decision.decision, number, callerId, callerName, attempts, maxDurationMs };
    }
    case 'internal':
      return { decision: decision.decision, extension: decision.extension };
    case 'refuse':
      return { decision: decision.decision, reason: decision.reason };
  }
}

const checkSchema = z
  .strictObject({
    decision: z.enum(['trunk', 'internal', 'refuse']),
    reason: z.enum(refusalReasons).nullable(),
    maxDurationMs: z.int().nullable().meta({ description: 'How long the call might last' }),
    because: z.array(z.string()).min(1).meta({ description: 'What decided, step by step' }),
  })
  .meta({ id: 'AdmissionCheck' });

/** For operators: what would become of a call, and why. */
export function admissionCheckRoutes({ database, world }: Omit<AdmissionContext, 'onDecision'>): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/admission-checks',
      operationId: 'checkAdmission',
      summary: 'Whether a user could call a number now, and why',
      description: 'Nothing is called and nothing counts.',
      tag: 'Policies',
      auth: 'operator',
      scope: 'policies:read',
      body: z.strictObject({ userId: userIdSchema, dialed: text(256) }),
      bodyExample: { userId: userExample.id, dialed: '+44 20 7946 0018' },
      responses: {
        200: {
          description: 'The decision as it would be now',
          schema: checkSchema,
          example: {
            decision: 'refuse',
            reason: 'not-permitted',
            maxDurationMs: null,
            because: ['the country GB is not allowed'],
          },
        },
      },
      async handle({ body }) {
        const user = await database.db
          .selectFrom('users')
          .select('extension')
          .where('id', '=', body.userId)
          .executeTakeFirst();
        if (!user) throw faultyField('userId', 'is no user’s id');
        const request = { extension: user.extension, dialed: body.dialed };
        return { status: 200, body: checked(await wouldAdmit(database, request, world)) };
      },
    }),
  ];
}

function checked(decision: Decision) {
  return {
    decision: decision.decision,
    reason: decision.decision === 'refuse' ? decision.reason : null,
    maxDurationMs: decision.decision === 'trunk' ? decision.maxDurationMs : null,
    because: decision.because,
  };
}
