import { createHash } from 'node:crypto';
import type { AmiClient } from './ami.ts';
import { field } from './ami-protocol.ts';

/** The part of the gateway that reads the trunks. */
const PJSIP = 'res_pjsip.so';

/**
 * Has the gateway read its file of trunks again. Calls that are up keep the objects they began with; what has not
 * changed stays as it is.
 * @throws AmiError where the gateway can't be asked
 */
export async function reloadTrunks(ami: AmiClient): Promise<void> {
  await ami.send('Reload', { Module: PJSIP });
}

/** How a host answered the last OPTIONS. */
export interface HostHealth {
  readonly health: 'answers' | 'silent' | 'not-asked';
  /** Null where it did not answer. */
  readonly roundTripMs: number | null;
}

/**
 * @param contact the address of the gateway's own contact of the host (`hostContact` in `gateway-config`)
 * @throws AmiError where the gateway can't be asked
 */
export async function hostHealth(ami: AmiClient, trunkId: string, contact: string): Promise<HostHealth> {
  // Contacts that are configured are named after their address.
  const name = `${trunkId}@@${createHash('md5').update(contact).digest('hex')}`;
  const ask = async (what: 'status' | 'rtt') =>
    field((await ami.send('Getvar', { Variable: `PJSIP_CONTACT(${name},${what})` })).response, 'Value');
  const status = await ask('status');
  if (status === 'Reachable') {
    const micros = Number(await ask('rtt'));
    return { health: 'answers', roundTripMs: Number.isNaN(micros) ? null : micros / 1_000 };
  }
  return { health: status === 'Unreachable' ? 'silent' : 'not-asked', roundTripMs: null };
}

/** Sends an OPTIONS to each host of a trunk, now. @throws AmiError where the gateway can't be asked */
export async function askHosts(ami: AmiClient, trunkId: string): Promise<void> {
  await ami.send('PJSIPQualify', { Endpoint: trunkId });
}

export type RegistrationState = 'registered' | 'refused' | 'not-registered';

const STATES: Readonly<Record<string, RegistrationState>> = { Registered: 'registered', Rejected: 'refused' };

/** The states of all registrations with carriers, by name. @throws AmiError where the gateway can't be asked */
export async function registrationStates(ami: AmiClient): Promise<ReadonlyMap<string, RegistrationState>> {
  const { events } = await ami.send('PJSIPShowRegistrationsOutbound', {});
  return new Map(
    events.map((event) => [field(event, 'ObjectName'), STATES[field(event, 'Status')] ?? 'not-registered']),
  );
}

/** Registers anew, now. @throws AmiError where the gateway can't be asked */
export async function registerNow(ami: AmiClient, registration: string): Promise<void> {
  await ami.send('PJSIPRegister', { Registration: registration });
}

/** How many calls are on a trunk now, in both directions. @throws AmiError where the gateway can't be asked */
export async function callsOn(ami: AmiClient, trunkId: string): Promise<number> {
  const { events } = await ami.send('Status', { Variables: '' });
  const own = events.filter((channel) => field(channel, 'Channel').startsWith(`PJSIP/${trunkId}-`));
  return new Set(own.map((channel) => field(channel, 'Linkedid'))).size;
}
