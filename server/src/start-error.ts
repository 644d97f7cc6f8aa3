/** Why the server can't start, in words for whoever started it: no stack trace is shown. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
