import type { z } from 'zod';
import { type Fault, Problem } from './problem.ts';
import type { Route } from './route.ts';

/** The parts of a request that a client fills in. */
interface Given {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/**
 * Checks path, query and body against the route's schemas.
 * @returns what the schemas made of them
 * @throws Problem naming every faulty field of all three at once
 */
export function validate(route: Route, given: Given): Given {
  const params = check(route.params, given.params, 'path.');
  const query = check(route.query, given.query, 'query.');
  const body = check(route.body, given.body ?? {}, '');
  const faults = [...params.faults, ...query.faults, ...body.faults];
  if (faults.length > 0) {
    const fields = faults.map((fault) => fault.field || 'the body').join(', ');
    throw new Problem('invalid-request', `Please mend: ${fields}.`, { faults });
  }
  return { params: params.value, query: query.value, body: body.value };
}

interface Checked {
  readonly value?: unknown;
  readonly faults: readonly Fault[];
}

function check(schema: z.ZodType | undefined, value: unknown, prefix: string): Checked {
  if (schema === undefined) return { faults: [] };
  const parsed = schema.safeParse(value, { error: wordsOf });
  if (parsed.success) return { value: parsed.data, faults: [] };
  return { faults: faultsIn(parsed.error, prefix) };
}

const OF_TYPE: Readonly<Record<string, string>> = {
  object: 'must be an object',
  record: 'must be an object',
  array: 'must be a list',
  string: 'must be text',
  number: 'must be a number',
  boolean: 'must be true or false',
};

/** Where a schema has no words of its own: what it misses, as the API says it everywhere. */
export const wordsOf: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === undefined ? 'is missing' : OF_TYPE[issue.expected];
};

/** Every fault that a schema found. */
export function faultsIn(error: z.ZodError, prefix = ''): Fault[] {
  return error.issues.flatMap((issue) => faultsOf(issue, prefix));
}

const MAX_NAME = 80;

function faultsOf(issue: z.core.$ZodIssue, prefix: string): Fault[] {
  const path = issue.path.map(String);
  const field = (...more: string[]) => prefix + [...path, ...more].join('.').slice(0, MAX_NAME);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: field(key), message: 'is not a known field' }));
  }
  return [{ field: field(), message: issue.message }];
}
