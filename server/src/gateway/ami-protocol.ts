/** A response or event: its header fields by lower-case name; a name may come several times. */
export type AmiMessage = ReadonlyMap<string, readonly string[]>;

/**
 * The actions that the server uses, with their fields. The gateway's `manager.conf` gives its user the write
 * classes for these and no more: `system` (DBGetTree, DBDel, SorceryMemoryCachePopulate, Reload, PJSIP…), `call`
 * (Status, Hangup, Getvar, Setvar, Redirect).
 */
export interface AmiActions {
  Challenge: { AuthType: 'MD5' };
  Login: { AuthType: 'MD5'; Username: string; Key: string; Events: string };
  Ping: Record<never, string>;
  DBGetTree: { Family: string };
  DBDel: { Family: string; Key: string };
  SorceryMemoryCachePopulate: { Cache: string };
  Originate: {
    Channel: string;
    ChannelId: string;
    Context: string;
    Exten: string;
    Priority: '1';
    Variable: string;
    Timeout: string;
    Codecs: string;
    Async: 'true';
  };
  Events: { EventMask: string };
  Status: { Variables: string; Channel?: string };
  Hangup: { Channel: string; Cause: string };
  Getvar: { Variable: string; Channel?: string };
  Setvar: { Channel: string; Variable: string; Value: string };
  Redirect: { Channel: string; ExtraChannel: string; Context: string; Exten: string; Priority: '1' };
  Reload: { Module: string };
  /** A NOTIFY outside of any call; the variable is one of its header fields. */
  PJSIPNotify: { URI: string; Variable: string };
  PJSIPQualify: { Endpoint: string };
  PJSIPRegister: { Registration: string };
  PJSIPShowRegistrationsOutbound: Record<never, string>;
}

/** The first value of a field, or an empty text. */
export function field(message: AmiMessage, name: string): string {
  return message.get(name.toLowerCase())?.[0] ?? '';
}

/** A variable of a channel in the answer to Status, which was asked for it; empty where it has none. */
export function channelVariable(channel: AmiMessage, name: string): string {
  const prefix = `${name}=`;
  const found = channel.get('variable')?.find((text) => text.startsWith(prefix));
  return found?.slice(prefix.length) ?? '';
}

/**
 * An action as it goes over the wire.
 * @throws TypeError for a line break in a value: it would begin another field
 */
export function writeAction<A extends keyof AmiActions>(
  action: A,
  actionId: string,
  fields: AmiActions[A],
): string {
  const lines = Object.entries({ Action: action, ActionID: actionId, ...fields }).map(([name, value]) => {
    if (/[\r\n]/.test(String(value))) throw new TypeError(`A line break in ${name} of ${action}`);
    return `${name}: ${value}`;
  });
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** No message is this long; what is has lost the thread. */
const LONGEST = 1024 * 1024;
const END = '\r\n\r\n';

/** Cuts the stream of bytes into messages. */
export class AmiReader {
  #pending = '';

  /**
   * @returns the messages that are complete with this piece
   * @throws RangeError where a message does not end
   */
  push(piece: string): AmiMessage[] {
    const parts = (this.#pending + piece).split(END);
    this.#pending = parts.pop() ?? '';
    if (this.#pending.length > LONGEST) throw new RangeError('A message of the gateway does not end');
    return parts.map(readMessage);
  }
}

/** The greeting (`Asterisk Call Manager/…`) has no colon and is passed over with all such lines. */
function readMessage(text: string): AmiMessage {
  const message = new Map<string, string[]>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trimStart();
    const values = message.get(name);
    if (values) values.push(value);
    else message.set(name, [value]);
  }
  return message;
}
