import { z } from 'zod';
import { nextCursor, pageQuery } from '../http/page.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { plainText, timeSchema, timestamp } from '../http/text.ts';
import type { AuditLog } from './audit.ts';

const facts = z.record(z.string(), z.unknown()).nullable();

const entrySchema = z
  .strictObject({
    id: z.string(),
    at: timestamp,
    by: z
      .strictObject({ kind: z.enum(['key', 'user', 'server']), id: z.string(), name: z.string() })
      .meta({ description: 'The API key or person, by the name of that time' }),
    action: z.string().meta({ description: 'What was done', example: 'user.update' }),
    subject: z.string().meta({ description: 'The id of what was changed' }),
    from: facts.meta({ description: 'What changed, as it was before; null for what is new' }),
    to: facts.meta({ description: 'The same, as it was after; null for what is gone' }),
  })
  .meta({ id: 'AuditEntry', description: 'One change of one thing. No secret is ever in it.' });

const example = {
  id: 'au5f0c2a9be1d84c7f9a3e6b10',
  at: '2026-01-31T09:30:00.000Z',
  by: { kind: 'key' as const, id: 'ak5f0c2a9be1d84c7f9a3e6b10', name: 'Shop' },
  action: 'user.update',
  subject: 'us5f0c2a9be1d84c7f9a3e6b10',
  from: { name: 'Ada Lovelace' },
  to: { name: 'Ada King' },
};

const filter = (description: string) => plainText(100).optional().meta({ description });

export function auditRoutes(log: AuditLog): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/audit-log',
      operationId: 'listAuditLog',
      summary: 'Every change that was made, newest first',
      tag: 'Audit log',
      auth: 'operator',
      scope: 'audit-log:read',
      query: z.strictObject({
        ...pageQuery,
        action: filter('Only these, such as `user.update`'),
        subject: filter('Only changes of the thing with this id'),
        actor: filter('Only changes by the key or user with this id'),
        from: timeSchema.optional().meta({ description: 'Made then or later' }),
        to: timeSchema.optional().meta({ description: 'Made before then' }),
      }),
      responses: {
        200: {
          description: 'A page of changes',
          schema: z
            .strictObject({ entries: z.array(entrySchema), next: nextCursor })
            .meta({ id: 'AuditPage' }),
          example: { entries: [example], next: null },
        },
      },
      handle: async ({ query }) => ({ status: 200, body: await log.list(query) }),
    }),
  ];
}
