import { randomId } from '../random.ts';
import { type AmiClient, AmiError } from './ami.ts';
import { channelVariable, field } from './ami-protocol.ts';
import { type PhoneChannel, phoneChannels } from './phone-channels.ts';

/** Calls of one phone that are to become one conversation. */
export interface Merge {
  /** Of the device; letters and digits. */
  readonly credentials: readonly string[];
  /** SIP Call-IDs of the phone's own legs. */
  readonly calls: readonly string[];
}

/**
 * - `merged`: they are in one room, or on their way there
 * - `no-such-call`: one of them is not up, not answered, or has no far end
 * - `in-two-conferences`: they are in different rooms already
 */
export type MergeOutcome = 'merged' | 'no-such-call' | 'in-two-conferences';

/** One call: the phone's end of it, and its far end. */
interface Leg {
  readonly callId: string;
  readonly channel: string;
  readonly far: string;
  /** The conference that it is in; empty where it is in none. */
  readonly room: string;
}

/** `ChannelState` of a channel that is up. */
const UP = '6';
const ROOM = 'SHARED(ROOM)';
const FAR = 'BRIDGEPEER';

/**
 * Merges calls: both ends of each go into one room, which mixes them. A call that is in a room already stays there, and
 * the others come to it. See `[conference]` in the dialplan.
 * @throws AmiError where the gateway can't be asked
 */
export async function merge(ami: AmiClient, { credentials, calls }: Merge): Promise<MergeOutcome> {
  const known = await legsOf(ami, credentials);
  const legs = calls.map((callId) => known.find((leg) => leg.callId === callId));
  if (!legs.every((leg) => leg !== undefined)) return 'no-such-call';
  const rooms = new Set(legs.map(({ room }) => room).filter((room) => room !== ''));
  if (rooms.size > 1) return 'in-two-conferences';
  const [room = randomId('room', 64)] = rooms;
  try {
    for (const leg of legs) if (leg.room === '') await bring(ami, leg, room);
    return 'merged';
  } catch (error) {
    // It ended in this moment. What is in the room already goes on there.
    if (error instanceof AmiError && error.failure === 'refused') return 'no-such-call';
    throw error;
  }
}

/** Before they go: the one that hangs up on the way has to take the other along. */
async function bring(ami: AmiClient, { channel, far }: Leg, room: string): Promise<void> {
  await ami.send('Setvar', { Channel: channel, Variable: 'SHARED(GUEST)', Value: far });
  await ami.send('Setvar', { Channel: far, Variable: 'SHARED(HOST)', Value: channel });
  await ami.send('Redirect', {
    Channel: channel,
    ExtraChannel: far,
    Context: 'conference',
    Exten: room,
    Priority: '1',
  });
}

async function legsOf(ami: AmiClient, credentials: readonly string[]): Promise<Leg[]> {
  const channels = await phoneChannels(ami, credentials);
  const legs = await Promise.all(channels.map((channel) => legOn(ami, channel)));
  return legs.filter((leg) => leg !== undefined);
}

async function legOn(ami: AmiClient, { channel, callId }: PhoneChannel): Promise<Leg | undefined> {
  const Variables = [ROOM, FAR].join(',');
  const { events } = await ami.send('Status', { Channel: channel, Variables }).catch((error: unknown) => {
    // It ended with the one before it.
    if (error instanceof AmiError && error.failure === 'refused') return { events: [] };
    throw error;
  });
  const [status] = events;
  if (status === undefined || field(status, 'ChannelState') !== UP) return undefined;
  const [far, room] = [channelVariable(status, FAR), channelVariable(status, ROOM)];
  return far === '' && room === '' ? undefined : { callId, channel, far, room };
}
