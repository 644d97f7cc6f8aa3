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

async function endContacts(ami: AmiClient, credentials: ReadonlySet<string>): Promise<number> {
  const entries = await unlessNone(ami.send('DBGetTree', { Family: CONTACTS }));
  const keys = entries.filter((entry) => credentials.has(credentialOfContact(field(entry, 'Val'))));
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
function credentialOfContact(stored: string): string {
  try {
    const { endpoint, uri } = JSON.parse(stored) as { endpoint?: unknown; uri?: unknown };
    if (typeof endpoint === 'string' && endpoint !== '') return endpoint;
    return /^sips?:([^@;]+)@/i.exec(String(uri))?.[1] ?? '';
  } catch {
    return '';
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
