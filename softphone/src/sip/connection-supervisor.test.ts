import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Connection, ConnectionSupervisor } from './connection-supervisor.ts';

type Outcome = 'registered' | 'refused' | 'failed';

/** A gateway whose every answer the test gives by hand. */
class FakeConnection implements Connection {
  readonly log: string[] = [];
  addresses = 1;
  opening = Promise.withResolvers<void>();
  registering = Promise.withResolvers<Outcome>();

  open(): Promise<void> {
    this.log.push('open');
    this.opening = Promise.withResolvers<void>();
    return this.opening.promise;
  }
  probe(): void {
    this.log.push('probe');
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

afterEach(() => {
  vi.useRealTimers();
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
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

test('opens, registers and is ready', async () => {
  await becomeReady();
  expect(statuses).toEqual(['connecting', 'registering', 'ready']);
  expect(connection.log).toEqual(['open', 'register']);
});

describe('a connection that stands', () => {
  test('is asked for a sign of life three seconds after the last', async () => {
    await becomeReady();
    expect(due?.ms).toBe(3_000);
    due?.work();
    expect(connection.log.at(-1)).toBe('probe');
    supervisor.answered();
    expect(due?.ms).toBe(3_000);
    expect(supervisor.status).toBe('ready');
  });

  test('is given up, socket and all, when no sign comes within two seconds', async () => {
    await becomeReady();
    due?.work();
    expect(due?.ms).toBe(2_000);
    due?.work();
    expect(supervisor.status).toBe('waiting');
    expect(connection.log.at(-1)).toBe('drop');
  });

  test('is asked at once, with half the patience, when the network or the page is back', async () => {
    await becomeReady();
    supervisor.nudge();
    expect(connection.log.at(-1)).toBe('probe');
    expect(due?.ms).toBe(1_000);
  });

  test('is in doubt, and not called ready, when the last sign is older than a minute', async () => {
    await becomeReady();
    vi.setSystemTime(Date.now() + 61_000);
    due?.work();
    expect(supervisor.status).toBe('doubtful');
    supervisor.answered();
    expect(supervisor.status).toBe('ready');
    expect(connection.log).toEqual(['open', 'register', 'probe']);
  });
});

test('several addresses have their turns quickly before the first round is over', () => {
  connection.addresses = 3;
  supervisor.start();
  const waits: (number | undefined)[] = [];
  for (let i = 0; i < 8; i++) {
    waits.push(due?.ms);
    due?.work();
  }
  expect(waits).toEqual([1_500, 100, 1_500, 100, 1_500, 100, 1_500, 100]);
  expect(due?.ms).toBe(3_000);
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
  test('a socket that does not open is dropped after 1.5 seconds, from the third on after twice that', () => {
    supervisor.start();
    expect(due?.ms).toBe(1_500);
    due?.work();
    expect(connection.log).toEqual(['open', 'drop']);
    due?.work();
    expect(due?.ms).toBe(1_500);
    due?.work();
    due?.work();
    expect(due?.ms).toBe(3_000);
  });

  test('a REGISTER without an answer is given up after 1.5 seconds, socket and all', async () => {
    supervisor.start();
    connection.opening.resolve();
    await settled();
    expect(due?.ms).toBe(1_500);
    due?.work();
    expect(statuses.at(-1)).toBe('waiting');
    expect(connection.log.at(-1)).toBe('drop');
  });

  test('a gateway that swallowed a REGISTER while it booted gets another as soon as it answers anything', async () => {
    supervisor.start();
    connection.opening.resolve();
    await settled();
    supervisor.answered();
    supervisor.answered();
    expect(connection.log).toEqual(['open', 'register', 'register']);
    connection.registering.resolve('registered');
    await settled();
    expect(supervisor.status).toBe('ready');
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

test('being back on the network starts an attempt anew that began before', () => {
  supervisor.start();
  supervisor.nudge();
  expect(connection.log).toEqual(['open', 'drop', 'open']);
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
