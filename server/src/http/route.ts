import type { z } from 'zod';
import type { Actor } from './actor.ts';
import type { Transact } from './change.ts';
import type { ProblemName } from './problem.ts';
import type { Scope } from './scopes.ts';

/**
 * Who may ask: `none` anyone; `operator` an API key with the route's scope, or the session of an admin; `person`
 * a session cookie; `phone` the same, or a phone token, from any page; `gateway` the internal token (private
 * listener only).
 */
export type Auth = 'none' | 'gateway' | Somebody;

/** Those of them by which it is known who asks. */
type Somebody = 'operator' | 'person' | 'phone';

/** Whoever runs the telephones: a program with an API key, or an admin. */
export interface Operator {
  readonly actor: Actor;
  readonly scopes: ReadonlySet<Scope>;
}

/** The signed-in person of a request and the device they signed in on. */
export interface Person {
  readonly actor: Actor;
  readonly userId: string;
  readonly role: 'admin' | 'user';
  readonly deviceId: string;
  /** When the session ends, in ms since the epoch. */
  readonly sessionExpiresAt: number;
}

export type Principal<A extends Auth> = A extends 'person' | 'phone'
  ? Person
  : A extends 'operator'
    ? Operator
    : undefined;

/** What of the transport a handler may know. */
export interface RequestFacts {
  /** Address of the client, as the proxy in front tells it. */
  readonly address: string;
  readonly userAgent: string;
  /** Host and port that the client asked for. */
  readonly host: string;
  /** Whether the client came over https. */
  readonly secure: boolean;
  /** Of a reader of events that comes back. */
  readonly lastEventId?: string | undefined;
}

type Fields = z.ZodObject;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface Request<P, Q, B, A extends Auth> {
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
  readonly principal: Principal<A>;
  readonly facts: RequestFacts;
  /** Makes a change in the name of who asks, once for an `Idempotency-Key`. */
  readonly change: A extends Somebody ? Transact : undefined;
}

export interface ResponseSpec {
  readonly description: string;
  /** Absent: a response without a body. */
  readonly schema?: z.ZodType;
  readonly contentType?: string;
  /** Valid by `schema`; shown in the OpenAPI document. */
  readonly example?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of `body`: sent piece by piece, as fast as the client takes it. */
  readonly stream?: AsyncIterable<string>;
}

/** Thrown by a stream to have the connection cut: that is no failure. */
export class StreamCut extends Error {
  override readonly name = 'StreamCut';
}

/** A body that is no JSON: it reaches the route's schema as `{ type, text }`. */
export interface TextBody {
  readonly limitBytes: number;
  /** Each content type that is taken, with an example. */
  readonly types: Readonly<Record<string, string>>;
}

interface Declared<P, Q, B, A extends Auth> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As in OpenAPI: `/v1/users/{id}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly auth: A;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** A valid body, shown in the OpenAPI document. */
  readonly bodyExample?: unknown;
  /** Where the body is not JSON. */
  readonly textBody?: TextBody;
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** Problems of this route's own; those of authentication and validation follow from the rest. */
  readonly problems?: readonly ProblemName[];
  /** Whether a web page of another site must not be able to cause it: all that a cookie can do, and sign-in. */
  readonly sameSiteOnly?: boolean;
  /** Whether the reply shows a secret, this once: it is not kept for an `Idempotency-Key`. */
  readonly showsSecret?: boolean;
}

/** What an API key needs: the scope, or one of several. */
type Scopes = Scope | readonly [Scope, ...Scope[]];

/** Every route of operators names the scope that an API key needs for it. */
type Scoped<A extends Auth> = A extends 'operator' ? { readonly scope: Scopes } : { readonly scope?: never };

export type RouteSpec<P, Q, B, A extends Auth> = Declared<P, Q, B, A> &
  Scoped<A> & { handle(request: Request<P, Q, B, A>): Promise<Reply> };

/** A route as the mounting code and the OpenAPI document see it. */
export interface Route extends Declared<Fields | undefined, Fields | undefined, z.ZodType | undefined, Auth> {
  readonly scope?: Scopes;
  handle(request: UncheckedRequest): Promise<Reply>;
}

export interface UncheckedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly principal: Person | Operator | undefined;
  readonly facts: RequestFacts;
  readonly change: Transact | undefined;
}

/** The scopes of which an API key needs one. */
export function scopesOf({ scope }: Pick<Route, 'scope'>): readonly Scope[] {
  return scope === undefined ? [] : typeof scope === 'string' ? [scope] : scope;
}

/** Whether a route changes something in the name of someone, and so takes an `Idempotency-Key`. */
export function isRepeatable({ method, auth }: Pick<Route, 'method' | 'auth'>): boolean {
  return method !== 'get' && auth !== 'none' && auth !== 'gateway';
}

/**
 * Declares a route once: Express, validation and the OpenAPI document all come from it. The handler receives
 * what the schemas let through, typed.
 */
export function defineRoute<
  A extends Auth,
  P extends Fields | undefined = undefined,
  Q extends Fields | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(spec: RouteSpec<P, Q, B, A>): Route {
  // The mounting code calls `handle` only with what these very schemas and `auth` have let through.
  return spec as unknown as Route;
}
