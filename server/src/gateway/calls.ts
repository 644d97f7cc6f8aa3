import { allowed, type Codec } from '@handset/gateway-config';
import { type AmiClient, AmiError } from './ami.ts';
import { type AmiMessage, channelVariable, field } from './ami-protocol.ts';

/** A call that is up or ringing, as the gateway tells it. */
export interface LiveCall {
  /** The `callId` of its admission, and the `call_id` of its record. */
  readonly id: string;
  readonly state: 'ringing' | 'answered';
  readonly direction: string;
  readonly extension: string;
  /** Of the device that called. */
  readonly credential: string;
  readonly number: string;
  readonly ownNumber: string;
  /** In ms since the epoch; NaN where the gateway does not tell. */
  readonly startedAt: number;
}

/** The dialplan's, on all channels of a call. */
const CALL = 'HANDSET_CALL';

/** What the dialplan notes on the calling channel; the record of the call will have the same. */
const VARIABLES = [
  CALL,
  'CDR(direction)',
  'CDR(extension)',
  'CDR(credential)',
  'CDR(number)',
  'CDR(own_number)',
  'CDR(started_at)',
] as const;

/** `ChannelState` of a channel that is up. */
const UP = '6';
/** Q.850 cause 16, normal call clearing. */
const NORMAL_CLEARING = '16';

/**
 * A call whose calling channel has left (the phone transferred it) is told by its called end: all but its id is then
 * empty, and stands in its record.
 * @throws AmiError where the gateway can't be asked
 */
export async function liveCalls(ami: AmiClient): Promise<LiveCall[]> {
  const { events } = await ami.send('Status', { Variables: VARIABLES.join(',') });
  const calls = new Map<string, LiveCall>();
  for (const channel of events) {
    const call = toCall(channel);
    // The channel that called, or has taken that one's place, has the notes.
    if (call.id !== '' && (call.direction !== '' || !calls.has(call.id))) calls.set(call.id, call);
  }
  return [...calls.values()];
}

/**
 * A call by the name of its calling channel.
 * @throws AmiError where the gateway can't be asked, `refused` where there is no such channel
 */
export async function callOn(ami: AmiClient, Channel: string): Promise<LiveCall | undefined> {
  const { events } = await ami.send('Status', { Channel, Variables: VARIABLES.join(',') });
  return events[0] && toCall(events[0]);
}

export interface Click {
  /** Of the call: its channels, its admission and its record will have it. */
  readonly id: string;
  /** Whose phone rings. */
  readonly extension: string;
  /** E.164, an extension or an emergency number. */
  readonly to: string;
  /** What the phone is offered: it is answered before the number is called. */
  readonly codecs: readonly Codec[];
}

/** Longer than a phone may ring (`RING_DEVICES` in the dialplan), in ms. */
const CLICK_MS = 90_000;

/**
 * - `rings`: the user's phones are about to ring
 * - `no-phone`: none is registered
 */
export type ClickOutcome = 'rings' | 'no-phone';

/**
 * Has a user's phone ring; once it is answered, it calls the number. See `[click]` in the dialplan.
 * @throws AmiError where the gateway can't be asked
 */
export async function ringAndCall(
  ami: AmiClient,
  { id, extension, to, codecs }: Click,
): Promise<ClickOutcome> {
  const { response } = await ami.send('Getvar', { Variable: `PJSIP_AOR(${extension},contact)` });
  if (field(response, 'Value') === '') return 'no-phone';
  await ami.send('Originate', {
    Channel: `Local/${extension}@click/n`,
    ChannelId: id,
    Context: 'click',
    Exten: 'waiting',
    Priority: '1',
    Variable: `__HANDSET_CLICK_TO=${to}`,
    Codecs: allowed(codecs),
    Timeout: String(CLICK_MS),
    Async: 'true',
  });
  return 'rings';
}

/**
 * Ends a call, on all its channels.
 * @returns whether there was one
 * @throws AmiError where the gateway can't be asked
 */
export async function hangUp(ami: AmiClient, id: string): Promise<boolean> {
  const { events } = await ami.send('Status', { Variables: CALL });
  const channels = events.filter((channel) => variable(channel, CALL) === id);
  for (const channel of channels) {
    const Channel = field(channel, 'Channel');
    await ami.send('Hangup', { Channel, Cause: NORMAL_CLEARING }).catch((error: unknown) => {
      // It ended with the one before it.
      if (!(error instanceof AmiError) || error.failure !== 'refused') throw error;
    });
  }
  return channels.length > 0;
}

function variable(channel: AmiMessage, name: (typeof VARIABLES)[number]): string {
  return channelVariable(channel, name);
}

function toCall(channel: AmiMessage): LiveCall {
  const startedAt = variable(channel, 'CDR(started_at)');
  return {
    id: variable(channel, CALL),
    state: field(channel, 'ChannelState') === UP ? 'answered' : 'ringing',
    direction: variable(channel, 'CDR(direction)'),
    extension: variable(channel, 'CDR(extension)'),
    credential: variable(channel, 'CDR(credential)'),
    number: variable(channel, 'CDR(number)'),
    ownNumber: variable(channel, 'CDR(own_number)'),
    startedAt: startedAt === '' ? Number.NaN : Number(startedAt),
  };
}
