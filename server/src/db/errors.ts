interface DatabaseError extends Error {
  readonly code?: unknown;
  readonly constraint?: unknown;
  readonly errcode?: unknown;
}

/**
 * Whether `error` says that a unique constraint refused a row. Constraints are named
 * `<table>_<column>_unique` throughout (or `<table>_pkey`, PostgreSQL's own name for a primary key).
 */
export function isConflict(error: unknown, table: string, column: string): boolean {
  if (!(error instanceof Error)) return false;
  const { code, constraint } = error as DatabaseError;
  // PostgreSQL: 23505 unique_violation. SQLite names the columns in the message only.
  if (code === '23505') return constraint === `${table}_${column}_unique` || constraint === `${table}_pkey`;
  return error.message.includes(`UNIQUE constraint failed: ${table}.${column}`);
}

const NETWORK_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN']);
const SQLITE_BUSY = 5;

/** Whether SQLite refused a statement because another process was writing. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && (error as DatabaseError).errcode === SQLITE_BUSY;
}

/** Whether `error` says that the database can't be reached or is busy: trying again later is of use. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if (!(error instanceof Error)) return false;
  if (isBusy(error)) return true;
  const { code } = error as DatabaseError;
  // PostgreSQL class 57P: shutting down or starting; 53300: too many connections; class 08: connection.
  if (typeof code === 'string' && (NETWORK_CODES.has(code) || /^(57P0|53300|08)/.test(code))) return true;
  return /Connection terminated|timeout exceeded when trying to connect/.test(error.message);
}
