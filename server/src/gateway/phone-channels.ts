import { type AmiClient, AmiError } from './ami.ts';
import { type AmiMessage, channelVariable, field } from './ami-protocol.ts';

/** One leg between a phone and the gateway. */
export interface PhoneLeg {
  /** Of the device; letters and digits. */
  readonly credentials: readonly string[];
  /** SIP Call-ID of the leg. */
  readonly callId: string;
}

/** Variable of a channel that gives the SIP Call-ID of its leg. */
export const CALL_ID = 'CHANNEL(pjsip,call-id)';

/**
 * The channels between a device and the gateway, whatever their state, each with these variables.
 * @throws AmiError where the gateway can't be asked
 */
export async function phoneChannels(
  ami: AmiClient,
  credentials: readonly string[],
  variables: readonly string[],
): Promise<AmiMessage[]> {
  if (credentials.length === 0) return [];
  const Variable = `CHANNELS(^PJSIP/(${credentials.join('|')})-)`;
  const { response } = await ami.send('Getvar', { Variable });
  const names = field(response, 'Value')
    .split(' ')
    .filter((name) => name !== '');
  const found = await Promise.all(names.map((name) => statusOf(ami, name, variables)));
  return found.filter((channel) => channel !== undefined);
}

/**
 * Whether the gateway still has a channel for this leg. Its channel goes at once when the far end gives up; its SIP
 * dialog does not, where the phone could not be told.
 * @throws AmiError where the gateway can't be asked
 */
export async function hasLeg(ami: AmiClient, { credentials, callId }: PhoneLeg): Promise<boolean> {
  const channels = await phoneChannels(ami, credentials, [CALL_ID]);
  return channels.some((channel) => channelVariable(channel, CALL_ID) === callId);
}

async function statusOf(
  ami: AmiClient,
  Channel: string,
  variables: readonly string[],
): Promise<AmiMessage | undefined> {
  try {
    const { events } = await ami.send('Status', { Channel, Variables: variables.join(',') });
    return events[0];
  } catch (error) {
    // It ended in this moment.
    if (error instanceof AmiError && error.failure === 'refused') return undefined;
    throw error;
  }
}
