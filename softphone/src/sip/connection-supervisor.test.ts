import { beforeEach, describe, expect, test } from 'vitest';
import { type Connection, ConnectionSupervisor } from './connection-supervisor.ts';

type Outcome = 'registered' | 'refused' | 'failed';

/** A gateway whose every answer the test gives by hand. */
class FakeConnection implements Connection {
  readonly log: string[] = [];
  opening = Promise.withResolvers<void>();
  registering = Promise.withResolvers<Outcome>();

  open(): Promise<void> {
    this.log.push('open');
    this.opening = Promise.withResolvers<void>();
    return this.opening.promise;
  }
  drop(): void {
    this.log.push('drop');
  }
  register(): Promise<Outcome> {
    this.log.push('register');
    this.registering = Promise.withResolvers<Outcome>();
    return this.registering.promise;
  }
}

let connection: FakeConnection;
let due: { work: () => void; ms: number } | undefined;
let statuses: string[];
let supervisor: ConnectionSupervisor;

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

async function becomeReady() {
  supervisor.start();
  connection.opening.resolve();
  await settled();
  connection.registering.resolve('registered');
  await settled();
}

beforeEach(() => {
  connection = new FakeConnection();
  statuses = [];
  due = undefined;
  const timers = {
    set: (work: () => void, ms: number) => {
      due = { work, ms };
      return due;
    },
    clear: () => {
      due = undefined;
    },
  };
  supervisor = new ConnectionSupervisor(
    connection,
    (status) => statuses.push(status),
    timers,
    () => 0.5,
  );
});

test('opens, registers and is ready, with no timer left', async () => {
  await becomeReady();
  expect(statuses).toEqual(['connecting', 'registering', 'ready']);
  expect(connection.log).toEqual(['open', 'register']);
  expect(due).toBeUndefined();
});

test('a socket that closes leads to a new one and a new registration', async () => {
  await becomeReady();
  supervisor.lost();
  expect(statuses.at(-1)).toBe('waiting');
  due?.work();
  connection.opening.resolve();
  await settled();
  connection.registering.resolve('registered');
  await settled();
  expect(supervisor.status).toBe('ready');
  expect(connection.log).toEqual(['open', 'register', 'drop', 'open', 'register']);
});

describe('patience', () => {
  test('a socket that does not open is dropped after two seconds, the next after four', () => {
    supervisor.start();
    expect(due?.ms).toBe(2_000);
    due?.work();
    expect(connection.log).toEqual(['open', 'drop']);
    due?.work();
    expect(due?.ms).toBe(4_000);
  });

  test('a REGISTER without an answer is given up after two seconds, socket and all', async () => {
    supervisor.start();
    connection.opening.resolve();
    await settled();
    expect(due?.ms).toBe(2_000);
    due?.work();
    expect(statuses.at(-1)).toBe('waiting');
    expect(connection.log.at(-1)).toBe('drop');
  });

  test('an answer that comes after all changes nothing', async () => {
    supervisor.start();
    connection.opening.resolve();
    await settled();
    due?.work();
    connection.registering.resolve('registered');
    await settled();
    expect(supervisor.status).toBe('waiting');
  });
});

test('a nudge cuts the pause short', () => {
  supervisor.start();
  due?.work();
  supervisor.nudge();
  expect(supervisor.status).toBe('connecting');
});

test('a refusal ends the attempts until it is started again, with a new credential', async () => {
  supervisor.start();
  connection.opening.resolve();
  await settled();
  connection.registering.resolve('refused');
  await settled();
  expect(supervisor.status).toBe('refused');
  expect(due).toBeUndefined();
  supervisor.start();
  expect(supervisor.status).toBe('connecting');
});

test('a refresh that fails is a connection lost', async () => {
  await becomeReady();
  supervisor.refreshed('failed');
  expect(supervisor.status).toBe('waiting');
});

test('stopping ends everything', async () => {
  await becomeReady();
  supervisor.stop();
  supervisor.lost();
  expect(supervisor.status).toBe('stopped');
  expect(due).toBeUndefined();
});
