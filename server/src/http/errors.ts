import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { isUnavailable } from '../db/errors.ts';
import type { Logger } from '../log.ts';
import { Problem, type ProblemName } from './problem.ts';

/** Answers what no route did. */
export const noSuchRoute: RequestHandler = () => {
  throw new Problem('no-such-route', 'There is nothing at this address.');
};

const RETRY_AFTER_SECONDS = '2';

/** Turns whatever was thrown into a problem. What is not the client's fault is logged; none is shown. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const problem = problemOf(error);
    if (problem.status >= 500) log.error({ err: error, route: response.locals.route }, 'Request failed');
    // A body that was refused half-read would be taken for the next request.
    if (problem.problem === 'body-too-large') response.set('Connection', 'close');
    sendProblem(response, problem);
  };
}

function sendProblem(response: Response, problem: Problem): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.locals.problem = problem.problem;
  response
    .status(problem.status)
    .set(problem.headers)
    .set('Content-Type', 'application/problem+json')
    .end(JSON.stringify(problem.toBody()));
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const refusal = parserRefusal(error);
  if (refusal) return refusal;
  if (isUnavailable(error)) {
    return new Problem('unavailable', 'The database can’t be reached; please try again.', {
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
    });
  }
  return new Problem('internal', 'The fault is ours. It has been logged.');
}

/** What body-parser and the router refuse with (http-errors): a status and a `type`. */
function parserRefusal(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, type } = error as Error & { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  const [name, detail] = refusals[String(type)] ?? byStatus(status);
  return new Problem(name, detail);
}

const refusals: Readonly<Record<string, readonly [ProblemName, string]>> = {
  'entity.parse.failed': ['malformed-json', 'The body can’t be read as a JSON object.'],
  'entity.too.large': ['body-too-large', 'The body is larger than this API takes.'],
  'encoding.unsupported': ['unsupported-media-type', 'The body must not be compressed.'],
  'charset.unsupported': ['unsupported-media-type', 'The body must be UTF-8.'],
};

function byStatus(status: number): readonly [ProblemName, string] {
  if (status === 413) return ['body-too-large', 'The body is larger than this API takes.'];
  if (status === 415) return ['unsupported-media-type', 'The body must be application/json in UTF-8.'];
  return ['malformed-request', 'The request can’t be read.'];
}
