import { createHash } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { portOf } from '../listen.ts';

type Fields = Readonly<Record<string, string>>;

/** A manager interface that speaks the protocol, with contacts and channels of its own. */
export interface FakeGateway {
  readonly port: number;
  readonly secret: string;
  /** Contacts by key, such as `1001;@abc`, as the registrar stores them. */
  readonly contacts: Map<string, { endpoint?: string; uri: string; expiration_time?: string }>;
  /** Channels by name, with the credential in their variable. */
  readonly channels: Map<string, string>;
  /** Channels of calls by name: their fields, and the variables that the dialplan set. */
  readonly calls: Map<string, { fields: Fields; variables: Fields }>;
  /** Every action as it came, sign-in included. */
  readonly actions: Fields[];
  /** Sends an event to whoever is connected. */
  tell(event: Fields): void;
  /** While true, actions get no answer. */
  silent: boolean;
  /** Cuts all connections; new ones are refused until {@link resume}. */
  stop(): Promise<void>;
  resume(): Promise<void>;
}

const CHALLENGE = '314159265';

/** Starts one, ended with the test. */
export async function fakeGateway(secret: string): Promise<FakeGateway> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, gateway);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const gateway: FakeGateway = {
    port: portOf(server),
    secret,
    contacts: new Map(),
    channels: new Map(),
    calls: new Map(),
    actions: [],
    silent: false,
    tell(event) {
      const lines = Object.entries(event).map(([name, value]) => `${name}: ${value}`);
      for (const socket of sockets) socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    resume: () => listen(gateway.port),
  };
  onTestFinished(() => (server.listening ? gateway.stop() : undefined));
  return gateway;
}

function serve(socket: Socket, gateway: FakeGateway): void {
  socket.write('Asterisk Call Manager/11.0.0\r\n');
  let pending = '';
  socket.setEncoding('utf8').on('data', (piece: string) => {
    const parts = (pending + piece).split('\r\n\r\n');
    pending = parts.pop() ?? '';
    for (const part of parts) {
      const fields = Object.fromEntries(part.split('\r\n').map((line) => line.split(/: (.*)/s, 2)));
      gateway.actions.push(fields);
      if (!gateway.silent) answer(socket, gateway, fields);
    }
  });
}

function answer(socket: Socket, gateway: FakeGateway, fields: Fields): void {
  const say = (message: Fields) => {
    const all = { ...message, ActionID: fields.ActionID ?? '' };
    const text = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    socket.write(`${text.join('\r\n')}\r\n\r\n`);
  };
  const refuse = (Message: string) => say({ Response: 'Error', Message });
  const known: Readonly<Record<string, () => void>> = {
    Challenge: () => say({ Response: 'Success', Challenge: CHALLENGE }),
    Login: () => {
      const key = createHash('md5')
        .update(CHALLENGE + gateway.secret)
        .digest('hex');
      if (fields.Key === key) say({ Response: 'Success', Message: 'Authentication accepted' });
      else refuse('Authentication failed');
    },
    Originate: () => say({ Response: 'Success', Message: 'Originate successfully queued' }),
    Events: () => say({ Response: 'Success', Events: 'On' }),
    Ping: () => say({ Response: 'Success', Ping: 'Pong' }),
    SorceryMemoryCachePopulate: () => say({ Response: 'Success' }),
    DBGetTree: () => listContacts(gateway, say, refuse),
    DBDel: () => {
      if (gateway.contacts.delete(fields.Key ?? '')) say({ Response: 'Success', Message: 'Key deleted' });
      else refuse('Database entry not found');
    },
    PJSIPNotify: () => say({ Response: 'Success', Message: 'NOTIFY sent' }),
    // Its carriers never answer.
    PJSIPQualify: () => say({ Response: 'Success', Message: 'Endpoint found, will qualify' }),
    PJSIPRegister: () => say({ Response: 'Success', Message: 'Sent registration' }),
    PJSIPShowRegistrationsOutbound: () => {
      say({ Response: 'Success', EventList: 'start', Message: 'Following are Events' });
      say({ Event: 'OutboundRegistrationDetailComplete', EventList: 'Complete' });
    },
    Reload: () => say({ Response: 'Success', Message: 'Module Reloaded' }),
    Status: () => {
      const { Channel } = fields;
      if (Channel === undefined || gateway.calls.has(Channel)) listChannels(gateway, say, Channel);
      else refuse('No such channel');
    },
    Getvar: () => {
      const call = gateway.calls.get(fields.Channel ?? '');
      if (fields.Channel !== undefined && call === undefined) return refuse('No such channel');
      const value = call?.variables[fields.Variable ?? ''];
      if (value !== undefined) return say({ Response: 'Success', Value: value });
      const aor = /^PJSIP_AOR\((.*),contact\)$/.exec(fields.Variable ?? '')?.[1];
      if (aor !== undefined) {
        const ofAor = [...gateway.contacts.keys()].filter((key) => key.startsWith(`${aor};@`));
        return say({ Response: 'Success', Value: ofAor.join(',') });
      }
      const pattern = new RegExp(/^CHANNELS\((.*)\)$/.exec(fields.Variable ?? '')?.[1] ?? '^$');
      const Value = [...gateway.calls.keys()].filter((name) => pattern.test(name)).join(' ');
      say({ Response: 'Success', Variable: fields.Variable ?? '', Value });
    },
    Setvar: () => {
      const call = gateway.calls.get(fields.Channel ?? '');
      if (call === undefined) return refuse('No such channel');
      const variables = { ...call.variables, [fields.Variable ?? '']: fields.Value ?? '' };
      gateway.calls.set(fields.Channel ?? '', { ...call, variables });
      say({ Response: 'Success', Message: 'Variable Set' });
    },
    Redirect: () => {
      const missing = [fields.Channel, fields.ExtraChannel].find((name) => !gateway.calls.has(name ?? ''));
      if (missing === undefined) say({ Response: 'Success', Message: 'Dual Redirect successful' });
      else refuse(`Channel does not exist: ${missing}`);
    },
    Hangup: () => {
      const name = fields.Channel ?? '';
      if (gateway.channels.delete(name) || gateway.calls.delete(name)) say({ Response: 'Success' });
      else refuse('No such channel');
    },
  };
  (known[fields.Action ?? ''] ?? (() => refuse('Permission denied')))();
}

function listContacts(
  { contacts }: FakeGateway,
  say: (message: Fields) => void,
  refuse: (message: string) => void,
): void {
  if (contacts.size === 0) {
    refuse('Database entry not found');
    return;
  }
  say({ Response: 'Success', EventList: 'start', Message: 'Result will follow' });
  for (const [key, contact] of contacts) {
    say({ Event: 'DBGetTreeResponse', Key: `/registrar/contact/${key}`, Val: JSON.stringify(contact) });
  }
  say({ Event: 'DBGetTreeComplete', EventList: 'Complete', ListItems: String(contacts.size) });
}

function listChannels(
  { channels, calls }: FakeGateway,
  say: (message: Fields) => void,
  only: string | undefined,
): void {
  say({ Response: 'Success', EventList: 'start', Message: 'Channel status will follow' });
  for (const [Channel, credential] of channels) {
    say({ Event: 'Status', Channel, Variable: `HANDSET_CREDENTIAL=${credential}` });
  }
  for (const [Channel, { fields, variables }] of calls) {
    if (only !== undefined && only !== Channel) continue;
    // A field that comes several times is written as lines of one.
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    say({ Event: 'Status', Channel, ...fields, Variable: lines.join('\r\nVariable: ') });
  }
  say({ Event: 'StatusComplete', EventList: 'Complete', Items: String(channels.size) });
}
