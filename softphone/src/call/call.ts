import {
  type CallDirection,
  type CallEvent,
  type CallState,
  isAlive,
  newCall,
  nextCall,
} from './call-state.ts';
import type { Key } from './dialled.ts';
import type { EndReason } from './end-reason.ts';
import type { Leg, LegListener, Party } from './line-port.ts';
import { type CallMedia, type MediaPath, MicrophoneError, type TonesPort } from './media-port.ts';
import { PathSeeker } from './path-seeker.ts';
import type { KeptCall } from './ports.ts';
import type { CallSnapshot } from './snapshot.ts';
import { mark } from './timeline.ts';
import type { TraceStep } from './trace.ts';

/** What a call needs of the phone it belongs to. */
export interface CallHost {
  readonly tones: TonesPort;
  now(): number;
  openMicrophone(): Promise<MediaStreamTrack>;
  /** Whether the gateway still has a call; `undefined` where nobody can say. */
  isLive(sipCallId: string): Promise<boolean | undefined>;
  changed(): void;
  /** Whether there still is a connection to the gateway is in doubt. */
  doubtConnection(): void;
  /** It is over, and says why. */
  ended(call: Call): void;
}

let lastId = 0;

/** A confirmed end should come at once; a gateway that stays silent may not keep the person waiting. */
const END_PATIENCE_MS = 2_000;

/** One live call: its state, its signalling (leg) and its media, held together. */
export abstract class Call {
  readonly id: string;
  readonly remote: Party;
  protected readonly host: CallHost;
  #state: CallState;
  #trace: readonly TraceStep[] = [];
  #snapshot: CallSnapshot | undefined;
  #leg: Leg | undefined;
  #media: CallMedia | undefined;
  #handedOver = false;
  #endTimer: ReturnType<typeof setTimeout> | undefined;
  /** What the far end knows of `held`. */
  #heldThere = false;
  readonly #seeker = new PathSeeker(() => this.host.now());

  constructor(direction: CallDirection, remote: Party, host: CallHost, state?: CallState) {
    lastId += 1;
    this.id = `call-${lastId}`;
    this.remote = remote;
    this.host = host;
    this.#state = state ?? newCall(direction, host.now());
  }

  get state(): CallState {
    return this.#state;
  }

  get alive(): boolean {
    return isAlive(this.#state);
  }

  /** The call's media, once it has any: its peer connection, for whoever wants to look deeper. */
  get media(): CallMedia | undefined {
    return this.#media;
  }

  /** `Call-ID` of its dialog, once it has one. */
  get callId(): string | undefined {
    return this.#leg?.callId;
  }

  get snapshot(): CallSnapshot {
    this.#snapshot ??= { ...this.#state, id: this.id, remote: this.remote, trace: this.#trace };
    return this.#snapshot;
  }

  /** What another page needs to go on with it; `undefined` unless it is answered. */
  get kept(): KeptCall | undefined {
    const { status, answeredAt, direction, startedAt, muted, held, merged, tones } = this.#state;
    const leg = this.#leg;
    if (status !== 'established' || answeredAt === undefined || leg === undefined) return undefined;
    const { callId, credential } = leg;
    const { remote } = this;
    const codecs = this.#media?.codecs ?? [];
    const rest = { direction, remote, startedAt, answeredAt, muted, held, tones, codecs };
    return { callId, credential, ...rest, ...(merged === true && { merged }) };
  }

  /** Ends the call in whatever way fits: cancels, refuses or hangs up. Does nothing once it is over. */
  abstract hangUp(): void;

  setMuted(muted: boolean): void {
    if (!this.alive || this.#state.muted === muted) return;
    this.#media?.setMuted(muted);
    this.apply({ type: 'muted', muted });
  }

  /** Puts an answered call on hold, or resumes it. Without a connection the far end hears of it later. */
  setHeld(held: boolean): void {
    if (this.#state.status !== 'established' || this.#state.held === held) return;
    this.#media?.setHeld(held);
    this.#leg?.renegotiate();
    this.apply({ type: 'held', held });
  }

  /** Its far end is in a conference from now on. */
  join(): void {
    if (this.#state.status === 'established') this.apply({ type: 'merged' });
  }

  /** Sends keypad tones, which are also heard here. On hold nothing is sent. */
  sendTones(keys: readonly Key[]): void {
    for (const key of keys) this.host.tones.key(key);
    if (!this.alive || this.#state.held) return;
    this.#media?.sendTones(keys);
    this.apply({ type: 'tone', tone: keys.join('') });
  }

  /** While the gateway is asked to join it with another: that it ends is then no hang-up. */
  handOver(under: boolean): void {
    this.#handedOver = under;
  }

  /**
   * Has the gateway join the far ends of this call and of another one.
   * @returns why it did not, or `undefined` where it did: both calls are over then
   */
  async joinWith(other: Call): Promise<EndReason | undefined> {
    if (this.#leg === undefined || other.#leg === undefined) return 'failed';
    return this.#leg.joinWith(other.#leg);
  }

  /** Ends the call here and now for `reason`, telling the far end. */
  endFor(reason: EndReason): void {
    if (!this.alive) return;
    const leg = this.#leg;
    this.apply({ type: 'ending', reason });
    this.#media?.setMuted(true);
    if (leg === undefined) {
      this.finish(reason);
      return;
    }
    this.#endTimer = setTimeout(() => this.finish(reason), END_PATIENCE_MS);
    leg.hangUp(reason === 'left-conference' ? 'stays' : 'goes');
  }

  /** A count that grows with whatever comes in from the gateway; a call that has no media yet hears nothing. */
  async signsOfLife(): Promise<number> {
    return (await this.#media?.signsOfLife().catch(() => undefined)) ?? 0;
  }

  /** The gateway is gone, and the call with it. Should it be there after all, it hears of the end later. */
  die(): void {
    const { direction, status, answering } = this.#state;
    this.finish(direction === 'incoming' && status === 'ringing' && !answering ? 'missed' : 'network-lost');
    this.#leg?.hangUp();
  }

  protected attach(leg: Leg): void {
    this.#leg = leg;
  }

  protected attachMedia(media: CallMedia): void {
    this.#media = media;
    media.onFirstAudio((at) => mark('first-audio', this.id, at));
    media.onQuiet((ms) => this.#onQuiet(ms));
    media.onPath((path) => this.#onPath(path));
    if (this.#state.muted) media.setMuted(true);
    this.host.changed();
  }

  /** Opens the microphone. Without one the call ends with the reason, and there is no track. */
  protected async openMicrophone(): Promise<MediaStreamTrack | undefined> {
    try {
      const track = await this.host.openMicrophone();
      if (this.alive) return track;
      track.stop();
    } catch (error) {
      this.endFor(error instanceof MicrophoneError ? error.fault : 'media-failed');
    }
    return undefined;
  }

  protected async speak(media: CallMedia, track: MediaStreamTrack | undefined): Promise<void> {
    if (track === undefined) return;
    try {
      await media.speak(track);
    } catch {
      // The peer connection closed in between (the call is over) or refuses the track (it ends now).
      track.stop();
      this.endFor('media-failed');
    }
  }

  protected apply(event: CallEvent): void {
    const next = nextCall(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    this.#snapshot = undefined;
    this.host.changed();
  }

  protected readonly legListener: LegListener = {
    renegotiated: () => {
      this.#heldThere = this.#state.held;
    },
    renegotiationRefused: () => this.#onHoldRefused(),
    reconnected: () => {
      if (this.#seeker.onReconnected(this.#media?.quiet === true)) this.#findPath();
    },
    ringing: () => this.#onRinging(false),
    earlyMedia: () => this.#onRinging(true),
    answered: () => this.#onAnswered(),
    ended: (reason) => this.finish(this.#handedOver && reason === 'hung-up-there' ? 'transferred' : reason),
    step: (step) => this.#record(step),
  };

  protected finish(reason: EndReason): void {
    if (this.#state.status === 'terminated') return;
    clearTimeout(this.#endTimer);
    this.apply({ type: 'ended', reason, at: this.host.now() });
    this.#media?.close();
    this.host.ended(this);
  }

  #onRinging(withSound: boolean): void {
    if (!this.alive || this.#state.status === 'established') return;
    if (this.#state.status === 'trying') mark('ringing', this.id);
    this.apply({ type: withSound ? 'early-media' : 'ringing' });
  }

  #onPath(path: MediaPath): void {
    const advice = this.#seeker.onPath(path, this.#state.status === 'established');
    if (advice === 'give-up') this.endFor('network-lost');
    if (advice !== 'seek') return;
    this.host.doubtConnection();
    this.#findPath();
  }

  /** The gateway is asked whether it is there: a silence is the first sign that it is not. */
  #onQuiet(ms: number): void {
    this.host.doubtConnection();
    if (this.#seeker.onQuiet(ms)) this.#findPath();
  }

  /** The address here, or the way from it, is another than it was. Without a connection this waits for one. */
  #findPath(): void {
    if (this.#state.status !== 'established') return;
    this.#media?.restartIce();
    this.#leg?.renegotiate();
  }

  /** Both ends stay with what they had. */
  #onHoldRefused(): void {
    const held = this.#heldThere;
    if (this.#state.status !== 'established' || this.#state.held === held) return;
    this.#media?.setHeld(held);
    this.apply({ type: 'held', held });
  }

  #onAnswered(): void {
    if (this.#state.resuming === true) this.#onResumed();
    if (!this.alive || this.#state.status === 'established') return;
    mark('answered', this.id);
    this.apply({ type: 'answered', at: this.host.now() });
  }

  #onResumed(): void {
    this.apply({ type: 'resumed' });
    if (!this.#state.held) return;
    this.#media?.setHeld(true);
    this.#media?.setMuted(this.#state.muted);
    this.#leg?.renegotiate();
  }

  #record(step: TraceStep): void {
    if (step.sent && step.method === 'INVITE' && this.#trace.length === 0)
      mark('invite-sent', this.id, step.at);
    this.#trace = [...this.#trace, step];
    this.#snapshot = undefined;
    this.host.changed();
  }
}
