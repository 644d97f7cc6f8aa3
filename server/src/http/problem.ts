import { z } from 'zod';

/**
 * Every problem this API answers with (RFC 9457). The name is the stable part: `type` is
 * `urn:handset:problem:<name>`, and a name never changes its meaning.
 */
export const problems = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  'malformed-request': { status: 400, title: 'The request is not HTTP as this server reads it' },
  'not-authenticated': { status: 401, title: 'Who asks is not known' },
  'sign-in-failed': { status: 401, title: 'Login or password is wrong' },
  'not-allowed': { status: 403, title: 'This API key has not the scope for it' },
  'cross-site': { status: 403, title: 'The request comes from another site' },
  'call-refused': { status: 403, title: 'The user may not make this call' },
  'no-such-route': { status: 404, title: 'There is nothing at this address' },
  'no-such-user': { status: 404, title: 'There is no such user' },
  'no-such-number': { status: 404, title: 'There is no such number' },
  'no-such-device': { status: 404, title: 'There is no such device' },
  'no-such-trunk': { status: 404, title: 'There is no such trunk' },
  'no-such-policy': { status: 404, title: 'There is no such policy' },
  'no-such-rate': { status: 404, title: 'There is no rate of this prefix' },
  'no-such-call': { status: 404, title: 'There is no such call' },
  'no-such-ban': { status: 404, title: 'There is no such ban' },
  'no-such-api-key': { status: 404, title: 'There is no such API key' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'login-taken': { status: 409, title: 'Another user has this login' },
  'extension-taken': { status: 409, title: 'Another user has this extension' },
  'no-extension-left': { status: 409, title: 'All extensions are taken' },
  'number-exists': { status: 409, title: 'This number is already in the inventory' },
  'number-assigned': { status: 409, title: 'This number is assigned to a user' },
  'number-reserved': { status: 409, title: 'This number is reserved' },
  'number-quarantined': { status: 409, title: 'This number was someone’s not long ago' },
  'number-porting': { status: 409, title: 'This number is on its way from or to another carrier' },
  'no-number-left': { status: 409, title: 'No such number is available' },
  'user-disabled': { status: 409, title: 'This user is disabled' },
  'no-phone': { status: 409, title: 'The user has no phone that could ring' },
  'policy-in-use': { status: 409, title: 'Users have this policy, or it is the default one' },
  'in-two-conferences': { status: 409, title: 'The calls are in two conferences already' },
  'reply-not-kept': { status: 409, title: 'The request was done before, and its reply was shown once' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not of a supported type' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'import-refused': { status: 422, title: 'Some lines can’t be taken; nothing was imported' },
  'too-many-readers': { status: 429, title: 'Too many read this at once' },
  'too-many-attempts': { status: 429, title: 'Too many attempts' },
  'headers-too-large': { status: 431, title: "The request's headers are too large" },
  internal: { status: 500, title: 'Something went wrong here' },
  'gateway-unavailable': { status: 503, title: 'The gateway can’t be asked now' },
  unavailable: { status: 503, title: 'The service is not available now' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemName = keyof typeof problems;

/** One faulty field: its path in the request, such as `login` or `query.limit`. */
export interface Fault {
  readonly field: string;
  readonly message: string;
}

export const problemSchema = z
  .strictObject({
    type: z
      .string()
      .meta({ description: 'Stable name of the problem', example: 'urn:handset:problem:login-taken' }),
    title: z.string().meta({ description: 'What it means, always the same for a type' }),
    status: z.int().meta({ description: 'The HTTP status' }),
    detail: z.string().meta({ description: 'What happened here, for people' }),
    faults: z
      .array(z.strictObject({ field: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Every faulty field, all at once' }),
    reason: z
      .string()
      .optional()
      .meta({ description: 'Why a call was refused, as call records have it', example: 'not-permitted' }),
  })
  .meta({ id: 'Problem', description: 'A problem, as in RFC 9457' });

export type ProblemBody = z.output<typeof problemSchema>;

/** Thrown where a request can't be answered as asked; becomes an `application/problem+json` response. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly problem: ProblemName;
  readonly faults: readonly Fault[];
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: string | undefined;
  constructor(
    problem: ProblemName,
    detail: string,
    more: {
      faults?: readonly Fault[];
      headers?: Readonly<Record<string, string>>;
      reason?: string;
    } = {},
  ) {
    super(detail);
    this.problem = problem;
    this.faults = more.faults ?? [];
    this.headers = more.headers ?? {};
    this.reason = more.reason;
  }

  get status(): number {
    return problems[this.problem].status;
  }

  toBody(): ProblemBody {
    const { status, title } = problems[this.problem];
    const reason = this.reason === undefined ? {} : { reason: this.reason };
    const faults = this.faults.length > 0 ? { faults: [...this.faults] } : {};
    return { type: problemType(this.problem), title, status, detail: this.message, ...faults, ...reason };
  }
}

/** The `type` of a problem. */
export function problemType(name: ProblemName): string {
  return `urn:handset:problem:${name}`;
}

/** A problem of one field that its schema alone can't find. */
export function faultyField(field: string, message: string): Problem {
  return new Problem('invalid-request', `${field} ${message}`, { faults: [{ field, message }] });
}
