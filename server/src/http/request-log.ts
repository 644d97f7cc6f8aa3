import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from '../log.ts';

/** Asked every few seconds by supervisors; their good answers say nothing. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

/**
 * One line a request, of chosen fields: no header, no body and no address with its parameters is in it, so
 * that no secret can be.
 */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (_request, response) => {
      const id = randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    customLogLevel: (request, response, error) => {
      if (response.statusCode >= 500 || error) return 'error';
      return QUIET.has(request.url ?? '') ? 'silent' : 'info';
    },
    serializers: {
      req: (request) => ({ id: request.id, method: request.method }),
      res: (response) => ({ status: response.statusCode }),
    },
    customProps: (_request, response) => {
      const { route, problem } = (response as Response).locals ?? {};
      return { route, problem };
    },
    customSuccessMessage: () => 'Answered',
    customErrorMessage: () => 'Failed',
    // Errors are logged where they become problems; here they would be logged a second time.
    wrapSerializers: false,
  });
}
