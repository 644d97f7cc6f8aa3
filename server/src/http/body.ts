import express, { type Request, type RequestHandler, type Response } from 'express';
import { Problem } from './problem.ts';
import type { Route, TextBody } from './route.ts';

/** Greatest size of a JSON body; nothing here needs more than a few hundred bytes. */
const JSON_LIMIT_BYTES = 64 * 1024;

type BodyReader = (request: Request, response: Response) => Promise<unknown>;

/** How a route's body is read; `undefined` where it takes none. */
export function bodyReader(route: Route): BodyReader | undefined {
  if (route.body === undefined) return undefined;
  return route.textBody ? textReader(route.textBody) : readJson;
}

const parseJson = express.json({ limit: JSON_LIMIT_BYTES, inflate: false, type: 'application/json' });

const readJson: BodyReader = async (request, response) => {
  const empty = request.headers['content-length'] === '0';
  if (!empty && request.is('application/json') === false) {
    throw new Problem('unsupported-media-type', 'The body must be application/json.');
  }
  await parse(parseJson, request, response);
  return request.body;
};

function textReader({ limitBytes, types }: TextBody): BodyReader {
  const taken = Object.keys(types);
  const parseText = express.text({ limit: limitBytes, inflate: false, type: taken, defaultCharset: 'utf-8' });
  return async (request, response) => {
    const type = request.is(taken);
    if (typeof type !== 'string') {
      throw new Problem('unsupported-media-type', `The body must be ${taken.join(' or ')}.`);
    }
    await parse(parseText, request, response);
    const text: unknown = request.body;
    return { type, text: typeof text === 'string' ? text : '' };
  };
}

function parse(parser: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) =>
    parser(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error))),
  );
}
