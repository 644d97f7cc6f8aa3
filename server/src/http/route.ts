import type { z } from 'zod';
import type { ProblemName } from './problem.ts';

/**
 * Who may ask: `none` anyone; `operator` an API key; `person` a session cookie; `gateway` the internal token
 * (private listener only).
 */
export type Auth = 'none' | 'operator' | 'person' | 'gateway';

/** The signed-in person of a request and the device they signed in on. */
export interface Person {
  readonly userId: string;
  readonly deviceId: string;
  /** When the session ends, in ms since the epoch. */
  readonly sessionExpiresAt: number;
}

export type Principal<A extends Auth> = A extends 'person' ? Person : undefined;

/** What of the transport a handler may know. */
export interface RequestFacts {
  /** Address of the client, as the proxy in front tells it. */
  readonly address: string;
  readonly userAgent: string;
  /** Host and port that the client asked for. */
  readonly host: string;
  /** Whether the client came over https. */
  readonly secure: boolean;
}

type Fields = z.ZodObject;
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;

export interface Request<P, Q, B, A extends Auth> {
  readonly params: Output<P>;
  readonly query: Output<Q>;
  readonly body: Output<B>;
  readonly principal: Principal<A>;
  readonly facts: RequestFacts;
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
  readonly responses: Readonly<Record<number, ResponseSpec>>;
  /** Problems of this route's own; those of authentication and validation follow from the rest. */
  readonly problems?: readonly ProblemName[];
  /** Whether a web page of another site must not be able to cause it: all that a cookie can do, and sign-in. */
  readonly sameSiteOnly?: boolean;
}

export interface RouteSpec<P, Q, B, A extends Auth> extends Declared<P, Q, B, A> {
  handle(request: Request<P, Q, B, A>): Promise<Reply>;
}

/** A route as the mounting code and the OpenAPI document see it. */
export interface Route extends Declared<Fields | undefined, Fields | undefined, z.ZodType | undefined, Auth> {
  handle(request: UncheckedRequest): Promise<Reply>;
}

export interface UncheckedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly principal: Person | undefined;
  readonly facts: RequestFacts;
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
