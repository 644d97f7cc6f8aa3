import { z } from 'zod';

/** What API keys can be allowed. `admin` allows all; each `…:write` allows the `…:read` of the same. */
export const scopes = [
  'users:read',
  'users:write',
  'devices:read',
  'devices:write',
  'numbers:read',
  'numbers:write',
  'trunks:read',
  'trunks:write',
  'policies:read',
  'policies:write',
  'phone-tokens:write',
  'calls:read',
  'calls:write',
  'bans:read',
  'bans:write',
  'audit-log:read',
  'admin',
] as const;

export type Scope = (typeof scopes)[number];

export const scopeSchema = z.enum(scopes, { error: `must be one of ${scopes.join(', ')}` }).meta({
  id: 'Scope',
  description: '`admin` allows all; a `…:write` allows the `…:read` of the same',
  example: 'numbers:write',
});

/** Whether a key with the scopes `granted` may do what needs `needed`. */
export function allows(granted: ReadonlySet<Scope>, needed: Scope): boolean {
  if (granted.has('admin') || granted.has(needed)) return true;
  const write = needed.replace(/:read$/, ':write');
  return scopes.some((scope) => scope === write && granted.has(scope));
}
