import { type AmiClient, AmiError } from './ami.ts';
import { field } from './ami-protocol.ts';

/** One leg between a phone and the gateway. */
export interface PhoneLeg {
  /** Of the device; letters and digits. */
  readonly credentials: readonly string[];
  /** SIP Call-ID of the leg. */
  readonly callId: string;
}

/** A channel between a phone and the gateway. */
export interface PhoneChannel {
  /** Its name. */
  readonly channel: string;
  /** SIP Call-ID of its leg. */
  readonly callId: string;
}

/**
 * The channels between a device and the gateway, whatever their state.
 *
 * Their Call-ID is the variable that the dialplan notes it in (`[leg] known`). Asked for CHANNEL(pjsip,call-id), the gateway
 * may hold the channel's lock while the call's SIP session waits for it, and both would wait for ever.
 * @throws AmiError where the gateway can't be asked
 */
export async function phoneChannels(
  ami: AmiClient,
  credentials: readonly string[],
): Promise<readonly PhoneChannel[]> {
  if (credentials.length === 0) return [];
  const names = await getvar(ami, { Variable: `CHANNELS(^PJSIP/(${credentials.join('|')})-)` });
  const channels = names.split(' ').filter((name) => name !== '');
  return Promise.all(
    channels.map(async (channel) => ({
      channel,
      callId: await getvar(ami, { Channel: channel, Variable: 'SIP_CALL_ID' }),
    })),
  );
}

/**
 * Whether the gateway still has a channel for this leg. Its channel goes at once when the far end gives up; its SIP
 * dialog does not, where the phone could not be told.
 * @throws AmiError where the gateway can't be asked
 */
export async function hasLeg(ami: AmiClient, { credentials, callId }: PhoneLeg): Promise<boolean> {
  const channels = await phoneChannels(ami, credentials);
  return channels.some((channel) => channel.callId === callId);
}

/** @returns the variable's value; empty where the channel has ended in this moment */
async function getvar(ami: AmiClient, of: { Variable: string; Channel?: string }): Promise<string> {
  try {
    const { response } = await ami.send('Getvar', of);
    return field(response, 'Value');
  } catch (error) {
    if (error instanceof AmiError && error.failure === 'refused') return '';
    throw error;
  }
}
