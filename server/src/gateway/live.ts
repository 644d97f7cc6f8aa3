import { type AmiClient, AmiError } from './ami.ts';
import { type AmiMessage, field } from './ami-protocol.ts';

/** Where PJSIP's registrar keeps contacts in Asterisk's own database. */
const CONTACTS = 'registrar/contact';
/** User part and host of a SIP URI; IPv6 stands in brackets. */
const CONTACT_URI = /^sips?:([^@;]+)@(?:\[([^\]]+)\]|([^:;>]+))/i;
const CREDENTIAL_VARIABLE = 'HANDSET_CREDENTIAL';
/** Q.850 cause 16, normal call clearing. */
const NORMAL_CLEARING = '16';

/** What ended on the gateway. */
export interface Ended {
  readonly contacts: number;
  readonly calls: number;
}

/** A browser's contact: it is told over its WebSocket. What a telephone on a desk makes of it nobody knows. */
const OVER_WEB_SOCKET = /;transport=wss?(?:;|$)/i;
/** "Look whether what you have been given still holds." */
const LOOK_AGAIN = 'check-sync';

/**
 * Ends all that lives on the gateway by these credentials: contacts (no call reaches the device any more, and a browser
 * is told to look whether it is still known), and channels (its calls end).
 * @throws AmiError where the gateway can't be asked
 */
export async function endLive(ami: AmiClient, credentials: ReadonlySet<string>): Promise<Ended> {
  const [contacts, calls] = await Promise.all([endContacts(ami, credentials), endCalls(ami, credentials)]);
  return { contacts, calls };
}

/**
 * The credentials with a contact that has not expired: those that can be rung.
 * @throws AmiError where the gateway can't be asked
 */
export async function registeredCredentials(ami: AmiClient): Promise<ReadonlySet<string>> {
  const contacts = await liveContacts(ami);
  return new Set(contacts.map(({ credential }) => credential));
}

/**
 * The addresses that devices with a contact are at; for those behind the proxy that is the proxy's.
 * @throws AmiError where the gateway can't be asked
 */
export async function registeredAddresses(ami: AmiClient): Promise<ReadonlySet<string>> {
  const contacts = await liveContacts(ami);
  return new Set(contacts.map(({ address }) => address));
}

async function liveContacts(ami: AmiClient): Promise<Contact[]> {
  const entries = await unlessNone(ami.send('DBGetTree', { Family: CONTACTS }));
  const contacts = entries.map((entry) => readContact(field(entry, 'Val')));
  return contacts.filter(({ expiresAt }) => expiresAt > Date.now());
}

async function endContacts(ami: AmiClient, credentials: ReadonlySet<string>): Promise<number> {
  const entries = await unlessNone(ami.send('DBGetTree', { Family: CONTACTS }));
  let ended = 0;
  for (const entry of entries) {
    const { credential, uri } = readContact(field(entry, 'Val'));
    if (!credentials.has(credential)) continue;
    // `/registrar/contact/<aor>;@<hash>`
    const Key = field(entry, 'Key').slice(`/${CONTACTS}/`.length);
    await unlessNone(ami.send('DBDel', { Family: CONTACTS, Key }));
    if (OVER_WEB_SOCKET.test(uri)) {
      await unlessNone(ami.send('PJSIPNotify', { URI: uri, Variable: `Event=${LOOK_AGAIN}` }));
    }
    ended += 1;
  }
  return ended;
}

async function endCalls(ami: AmiClient, credentials: ReadonlySet<string>): Promise<number> {
  const { events } = await ami.send('Status', { Variables: CREDENTIAL_VARIABLE });
  const channels = events.filter((event) => credentials.has(credentialOfChannel(event)));
  for (const channel of channels) {
    await unlessNone(ami.send('Hangup', { Channel: field(channel, 'Channel'), Cause: NORMAL_CLEARING }));
  }
  return channels.length;
}

interface Contact {
  readonly credential: string;
  readonly uri: string;
  /** Where its messages came from: the gateway writes that into the contact (`rewrite_contact`). */
  readonly address: string;
  /** In ms since the epoch. */
  readonly expiresAt: number;
}

/**
 * Each credential is an endpoint of its own; the phone also uses it as user part of its Contact.
 * @param stored the contact as the registrar wrote it: JSON
 */
function readContact(stored: string): Contact {
  try {
    const { endpoint, uri, expiration_time } = JSON.parse(stored) as Readonly<Record<string, unknown>>;
    // In seconds. A contact without it never expires.
    const expiresAt =
      expiration_time === undefined ? Number.POSITIVE_INFINITY : Number(expiration_time) * 1000;
    const named = typeof endpoint === 'string' && endpoint !== '' ? endpoint : undefined;
    const [, user = '', v6, v4 = ''] = CONTACT_URI.exec(String(uri)) ?? [];
    return { credential: named ?? user, uri: String(uri), address: v6 ?? v4, expiresAt };
  } catch {
    return { credential: '', uri: '', address: '', expiresAt: 0 };
  }
}

/** By the dialplan's variable; by the channel's name (`PJSIP/<endpoint>-…`) where that is not yet set. */
function credentialOfChannel(event: AmiMessage): string {
  const variables = event.get('variable') ?? [];
  const prefix = `${CREDENTIAL_VARIABLE}=`;
  const named = variables.find((variable) => variable.startsWith(prefix))?.slice(prefix.length);
  return named || (/^PJSIP\/(.+)-[0-9a-f]+$/.exec(field(event, 'Channel'))?.[1] ?? '');
}

/** The gateway answers an error where there is nothing (any more): that is as good. */
async function unlessNone(asked: ReturnType<AmiClient['send']>): Promise<readonly AmiMessage[]> {
  try {
    return (await asked).events;
  } catch (error) {
    if (error instanceof AmiError && error.failure === 'refused') return [];
    throw error;
  }
}
