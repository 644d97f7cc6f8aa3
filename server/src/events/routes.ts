import { z } from 'zod';
import { Problem } from '../http/problem.ts';
import { defineRoute, type Operator, type Route } from '../http/route.ts';
import { allows } from '../http/scopes.ts';
import type { EventLog } from './event-log.ts';

const KINDS = ['calls', 'devices'] as const;

const example = `id: ev5f0c2a9be1d84c7f9a3e6b10.0
retry: 2000

id: ev5f0c2a9be1d84c7f9a3e6b10.1
event: device.registered
data: {"deviceId":"de1f0c2a9be1d84c7f9a3e6b10","extension":"1001","user":{"id":"us5f0c2a9be1d84c7f9a3e6b10","name":"Ada"}}

`;

const about =
  'Server-sent events (`text/event-stream`). `call.ringing` and `call.answered` have a `Call` as data, `call.ended` the ' +
  '`CallRecord`; `device.registered` and `device.unregistered` have `deviceId` (null for a desk phone), `extension` and ' +
  '`user`. Open the stream first, then read the present state. A reader that comes back with `Last-Event-ID` gets what it ' +
  'missed. Where that is not known any more, or the gateway was away, it gets `reset`: read the present state anew. A ' +
  'comment comes every 15 s. The stream ends after five minutes, and for a reader that does not keep up.';

export function eventRoutes(log: EventLog): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/events',
      operationId: 'streamEvents',
      summary: 'What happens to calls and devices, as it happens',
      description: about,
      tag: 'Calls',
      auth: 'operator',
      scope: ['calls:read', 'devices:read'],
      query: z.strictObject({
        only: z
          .enum(KINDS, { error: 'must be calls or devices' })
          .optional()
          .meta({ description: 'Without it all that the key may read' }),
      }),
      responses: {
        200: { description: 'The events', schema: z.string(), contentType: 'text/event-stream', example },
      },
      problems: ['too-many-readers'],
      handle: async ({ query, principal, facts }) => {
        const kinds = kindsFor(principal, query.only);
        const wants = (type: string) => kinds.some((kind) => type.startsWith(kind.slice(0, -1)));
        const stream = await log.read({ after: facts.lastEventId, wants });
        if (!stream) throw new Problem('too-many-readers', 'Too many read events at once.');
        // nginx, and what else buffers by default, lets it through.
        return { status: 200, stream, headers: { 'X-Accel-Buffering': 'no' } };
      },
    }),
  ];
}

/** @throws Problem `not-allowed` where the key may not read what is asked for */
function kindsFor({ scopes }: Operator, only: (typeof KINDS)[number] | undefined): readonly string[] {
  const kinds = KINDS.filter((kind) => allows(scopes, `${kind}:read`));
  if (only === undefined) return kinds;
  if (!kinds.includes(only))
    throw new Problem('not-allowed', `This needs an API key with the scope ${only}:read.`);
  return [only];
}
