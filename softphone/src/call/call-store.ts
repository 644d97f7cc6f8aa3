import type { Call } from './call.ts';
import { isQuietEnd } from './end-reason.ts';
import { heldCall, isEstablished, isRinging, yields } from './floor.ts';
import { type LineSound, lineSound } from './line-sound.ts';
import type { TonesPort } from './media-port.ts';
import type { CallSnapshot } from './snapshot.ts';

/** How long the end of a call stays to be read while others are up, in ms. */
const EPITAPH_MS = 6_000;

/**
 * The calls of one phone, and which of them has the floor: the one that the person here speaks in, and that keys
 * and mute are about. Whatever happens, at most one call is up and not on hold.
 */
export class CallStore {
  readonly #tones: TonesPort;
  readonly #onChange: () => void;
  #calls: readonly Call[] = [];
  #floor: string | undefined;
  #sound: LineSound | 'failed' = 'silence';
  #forgetting: ReturnType<typeof setTimeout> | undefined;

  constructor(tones: TonesPort, onChange: () => void) {
    this.#tones = tones;
    this.#onChange = onChange;
  }

  /** Those that are up, in the order in which they began, and the last one that ended. */
  get list(): readonly Call[] {
    return this.#calls;
  }

  get snapshots(): readonly CallSnapshot[] {
    return this.#calls.map((call) => call.snapshot);
  }

  get states() {
    return this.#calls.map(({ state }) => state);
  }

  /** Id of the call that has the floor. */
  get floor(): string | undefined {
    return this.#floor;
  }

  find(id: string | undefined): Call | undefined {
    return this.#calls.find((call) => call.id === id);
  }

  add(call: Call): void {
    this.#calls = [...this.#calls.filter(({ alive }) => alive), call];
    this.#follow();
  }

  /** The others make way for this call: what can be held is held, what is still being dialled ends. */
  giveFloor(id: string): void {
    this.#floor = id;
    for (const call of this.#calls) {
      if (call.id !== id) makeWay(call);
    }
    this.#onChange();
  }

  /** Brings back the call on hold; the one that has the floor is held. */
  swap(): void {
    const held = heldCall(this.snapshots, this.#floor);
    if (held !== undefined) this.resume(held.id);
  }

  resume(id: string): void {
    const call = this.find(id);
    if (call === undefined || !isEstablished(call.state)) return;
    this.giveFloor(id);
    call.setHeld(false);
  }

  /** Something about a call is new. */
  changed(): void {
    const floor = this.find(this.#floor);
    if (floor !== undefined && !floor.alive) {
      this.#floor = undefined;
      this.#speakOn(floor);
    }
    // Answered here a moment before another one was given the floor.
    for (const call of this.#calls) {
      if (this.#floor !== undefined && call.id !== this.#floor && call.state.status === 'established')
        makeWay(call);
    }
    this.#follow();
  }

  /** A call is over. Why it came to nothing is also heard, unless there is another one to listen to. */
  ended(call: Call): void {
    const { answeredAt, endReason = 'failed' } = call.state;
    this.#calls = this.#calls.filter((each) => each.state.status !== 'terminated' || each === call);
    const others = this.#calls.some(({ alive }) => alive);
    if (others) this.#forgetLater();
    else if (answeredAt === undefined && !isQuietEnd(endReason)) {
      this.#sound = 'failed';
      this.#tones.failed(endReason === 'busy');
    }
  }

  clear(): void {
    clearTimeout(this.#forgetting);
    this.#calls = [];
    this.#floor = undefined;
    this.#follow();
  }

  /** Whoever spoke with several speaks on with the rest. */
  #speakOn({ state }: Call): void {
    if (!state.merged || state.held) return;
    const next = this.#calls.find((call) => call.state.merged && isEstablished(call.state));
    if (next !== undefined) this.resume(next.id);
  }

  #follow(): void {
    const sound = lineSound(this.states);
    // The tone of a call that came to nothing goes on until there is another one.
    const over = this.#sound === 'failed' && !this.#calls.some(({ alive }) => alive);
    if (sound !== this.#sound && !over) this.#play(sound);
    this.#onChange();
  }

  #play(sound: LineSound): void {
    this.#sound = sound;
    this.#tones.stop();
    if (sound === 'ring') this.#tones.startRinging();
    if (sound === 'ringback') this.#tones.startRingback();
    if (sound === 'call-waiting') this.#tones.startCallWaiting();
  }

  #forgetLater(): void {
    clearTimeout(this.#forgetting);
    this.#forgetting = setTimeout(() => {
      const alive = this.#calls.filter((call) => call.alive);
      if (alive.length === 0 || alive.length === this.#calls.length) return;
      this.#calls = alive;
      this.#onChange();
    }, EPITAPH_MS);
  }
}

function makeWay(call: Call): void {
  const way = yields(call.state);
  if (way === 'hold') call.setHeld(true);
  if (way === 'hang-up' && !isRinging(call.state)) call.hangUp();
}
