import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import type { Listener } from '@handset/gateway-config';
import type { Express } from 'express';
import { Problem, type ProblemName } from './http/problem.ts';
import { StartError } from './start-error.ts';

/** Longer than a proxy keeps its idle connections (Caddy: 2 min), so that none is closed under a request. */
const KEEP_ALIVE_MS = 125_000;
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;

/**
 * Starts listening.
 * @throws StartError where the port is in use or not allowed
 */
export async function listen(app: Express, { bind, port }: Listener): Promise<Server> {
  const limits = { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS };
  const server = createServer(limits, app);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuse(error, socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, bind, port)));
    server.listen({ host: bind, port }, resolve);
  });
  return server;
}

/** The port that a server listens on. */
export function portOf(server: NetServer): number {
  return (server.address() as AddressInfo).port;
}

function listenError(error: NodeJS.ErrnoException, bind: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartError(`Port ${port} on ${bind} is in use; stop what listens there, or set HANDSET_PORT.`);
  }
  if (error.code === 'EACCES')
    return new StartError(`Listening on port ${port} is not allowed; set HANDSET_PORT.`);
  if (error.code === 'EADDRNOTAVAIL')
    return new StartError(`This machine has no address ${bind} to listen on.`);
  return error;
}

/** Answers what is not even HTTP, in the form of all other problems. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = new Problem(problemOf(error.code), 'The request can’t be read.');
  const body = JSON.stringify(problem.toBody());
  const head = [
    `HTTP/1.1 ${problem.status} Bad Request`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function problemOf(code: string | undefined): ProblemName {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers-too-large';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'malformed-request';
}

const DRAIN_MS = 5_000;

/** Takes no more requests, lets those under way end (for at most 5 s), and closes. */
export async function drain(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  // A connection kept alive becomes idle only after `close`: look again until none is left.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(cut);
  clearInterval(sweep);
}
