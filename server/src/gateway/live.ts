import { type AmiClient, AmiError } from './ami.ts';
import { type AmiMessage, field } from './ami-protocol.ts';

/** Where PJSIP's registrar keeps contacts in Asterisk's own database. */
const CONTACTS = 'registrar/contact';
const CREDENTIAL_VARIABLE = 'HANDSET_CREDENTIAL';
/** Q.850 cause 16, normal call clearing. */
const NORMAL_CLEARING = '16';

/** What ended on the gateway. */
export interface Ended {
  readonly contacts: number;
  readonly calls: number;
}

/**
 * Ends all that lives on the gateway by these credentials: contacts (no call reaches the device any more), and
 * channels (its calls end).
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
  const entries = await unlessNone(ami.send('DBGetTree', { Family: CONTACTS }));
  const contacts = entries.map((entry) => readContact(field(entry, 'Val')));
  const live = contacts.filter(({ expiresAt }) => expiresAt > Date.now());
  return new Set(live.map(({ credential }) => credential));
}

async function endContacts(ami: AmiClient, credentials: ReadonlySet<string>): Promise<number> {
  const entries = await unlessNone(ami.send('DBGetTree', { Family: CONTACTS }));
  const keys = entries.filter((entry) => credentials.has(readContact(field(entry, 'Val')).credential));
  for (const entry of keys) {
    // `/registrar/contact/<aor>;@<hash>`
    const Key = field(entry, 'Key').slice(`/${CONTACTS}/`.length);
    await unlessNone(ami.send('DBDel', { Family: CONTACTS, Key }));
  }
  return keys.length;
}

async function endCalls(ami: AmiClient, credentials: ReadonlySet<string>): Promise<number> {
  const { events } = await ami.send('Status', { Variables: CREDENTIAL_VARIABLE });
  const channels = events.filter((event) => credentials.has(credentialOfChannel(event)));
  for (const channel of channels) {
    await unlessNone(ami.send('Hangup', { Channel: field(channel, 'Channel'), Cause: NORMAL_CLEARING }));
  }
  return channels.length;
}

/**
 * Each credential is an endpoint of its own; the phone also uses it as user part of its Contact.
 * @param stored the contact as the registrar wrote it: JSON
 */
function readContact(stored: string): { credential: string; expiresAt: number } {
  try {
    const { endpoint, uri, expiration_time } = JSON.parse(stored) as Readonly<Record<string, unknown>>;
    // In seconds. A contact without it never expires.
    const expiresAt =
      expiration_time === undefined ? Number.POSITIVE_INFINITY : Number(expiration_time) * 1000;
    const named = typeof endpoint === 'string' && endpoint !== '' ? endpoint : undefined;
    return { credential: named ?? /^sips?:([^@;]+)@/i.exec(String(uri))?.[1] ?? '', expiresAt };
  } catch {
    return { credential: '', expiresAt: 0 };
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
