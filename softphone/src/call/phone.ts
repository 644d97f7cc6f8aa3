import type { Call, CallHost } from './call.ts';
import { CallStore } from './call-store.ts';
import type { DevicesPort } from './devices.ts';
import { dialable, isKey, type Key } from './dialled.ts';
import { mayDial, mayRing, type ThirdCall } from './floor.ts';
import { IncomingCall } from './incoming-call.ts';
import { LeftCalls } from './left-calls.ts';
import type { IncomingLeg } from './line-port.ts';
import { Merges } from './merges.ts';
import { News } from './news.ts';
import { normalise } from './number-format.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { PhoneLine } from './phone-line.ts';
import type { PhonePorts, QualityPort } from './ports.ts';
import type { PhoneConfig } from './provisioning-port.ts';
import { PhoneSession } from './session.ts';
import type { PhoneSnapshot } from './snapshot.ts';
import { Transfers } from './transfers.ts';

/**
 * The phone: a store of calls, one connection, one signed-in device. It knows no DOM.
 *
 * `subscribe` tells of every change; `snapshot` is the immutable present. `calls` are the live calls
 * behind the snapshot's, with their media.
 */
export class Phone {
  readonly #ports: PhonePorts;
  readonly #session: PhoneSession;
  readonly #host: CallHost;
  readonly #news = new News();
  readonly #calls: CallStore;
  readonly #transfers: Transfers;
  readonly #merges: Merges;
  readonly #line: PhoneLine;
  readonly #left: LeftCalls;
  #thirdCall: ThirdCall = 'busy';
  #country = 'US';
  #snapshot: PhoneSnapshot | undefined;

  constructor(ports: PhonePorts) {
    this.#ports = ports;
    this.#session = new PhoneSession(ports.provisioning, {
      changed: () => this.#changed(),
      signedIn: (config) => this.#openLine(config),
      signedOut: () => this.#closeLine('signed-out'),
    });
    this.#calls = new CallStore(ports.tones, () => this.#callsChanged());
    this.#transfers = new Transfers(this.#calls, () => this.#changed());
    const merge = (sipCallIds: readonly string[]) => ports.provisioning.merge(sipCallIds);
    this.#merges = new Merges(this.#calls, merge, () => this.#changed());
    this.#host = {
      tones: ports.tones,
      now: () => ports.now(),
      openMicrophone: () => ports.media.openMicrophone(),
      isLive: (sipCallId) => ports.provisioning.isLive(sipCallId),
      changed: () => {
        this.#calls.changed();
        this.#transfers.callsChanged();
        this.#merges.callsChanged();
      },
      doubtConnection: () => this.#line.check(),
      ended: (call) => this.#calls.ended(call),
    };
    this.#left = new LeftCalls(ports, this.#calls, this.#host);
    this.#line = new PhoneLine(ports, () => this.calls, {
      changed: () => this.#changed(),
      incoming: (leg) => this.#ring(leg),
      ready: (line) => this.#left.takeOver(line),
      // Revoked, or out of date. The session knows which.
      refused: () => void this.#session.renew(),
    });
    ports.media.onMicrophoneChange(() => this.#changed());
    ports.tones.onBlockedChange(() => this.#changed());
    ports.quality.attend(this);
  }

  get snapshot(): PhoneSnapshot {
    this.#snapshot ??= {
      ...this.#session.state,
      country: this.#country,
      connection: this.#line.connection,
      microphone: this.#ports.media.microphone,
      ringBlocked: this.#ports.tones.blocked,
      calls: this.#calls.snapshots,
      ...(this.#calls.floor === undefined ? {} : { floor: this.#calls.floor }),
      ...(this.#transfers.current === undefined ? {} : { transfer: this.#transfers.current }),
      ...(this.#merges.current === undefined ? {} : { merge: this.#merges.current }),
      thirdCall: this.#thirdCall,
    };
    return this.#snapshot;
  }

  /** The live calls, in the order of the snapshot's. */
  get calls(): readonly Call[] {
    return this.#calls.list;
  }

  /** How the calls sound. */
  get quality(): QualityPort {
    return this.#ports.quality;
  }

  /** What the sound goes through, and the choice of it. */
  get devices(): DevicesPort {
    return this.#ports.devices;
  }

  /** @returns what ends the subscription */
  subscribe(listener: () => void): () => void {
    return this.#news.subscribe(listener);
  }

  /** Finds out whether this browser is signed in already and, if so, becomes a telephone. */
  start(): Promise<void> {
    return this.#session.restore();
  }

  signIn(login: string, password: string): Promise<void> {
    this.#ports.tones.unlock();
    return this.#session.signIn(login, password);
  }

  /** Ends all calls, unregisters, and forgets this device. */
  async signOut(): Promise<void> {
    await this.#closeLine('signed-out');
    await this.#session.signOut();
  }

  /** Asks for the microphone ahead of the first call. What comes of it shows in the snapshot. */
  async allowMicrophone(): Promise<void> {
    const track = await this.#ports.media.openMicrophone().catch(() => undefined);
    track?.stop();
  }

  /**
   * Calls a number as it was typed. A call that is up is held.
   * @returns the call, also where it ended at once; `undefined` where nothing was typed or two calls are up
   */
  call(typed: string): Call | undefined {
    return this.#dial(typed);
  }

  /** @param handedOn a call whose far end is to go on with the one that is called */
  #dial(typed: string, handedOn?: string): Call | undefined {
    if (dialable(typed) === '' || !mayDial(this.#calls.states)) return undefined;
    const target = normalise(typed, this.#country);
    const { media } = this.#ports;
    const codecs = this.#line.codecsFor(target, this.#calls.find(handedOn)?.media?.codecs);
    const line = this.#line.registered;
    // The INVITE goes first: subscribers hear of the call once it is out.
    if (line !== undefined && media.microphoneIsSure) this.#news.hold();
    const call = new OutgoingCall({ number: target }, this.#host);
    this.#transfers.forget();
    this.#merges.forget();
    this.#calls.add(call);
    if (line === undefined) {
      call.endFor('not-connected');
      return call;
    }
    this.#calls.giveFloor(call.id);
    void call.dial({
      microphoneIsSure: media.microphoneIsSure,
      openMedia: () => media.outgoing(codecs),
      invite: (callMedia, listener) => line.invite(target, callMedia, listener),
    });
    // After the INVITE: starting the sound system takes its time.
    setTimeout(() => this.#ports.tones.unlock());
    return call;
  }

  /** Answers a call that rings. A call that is up is held. */
  answer(id: string): void {
    const call = this.#calls.find(id);
    if (!(call instanceof IncomingCall) || call.state.status !== 'ringing') return;
    this.#calls.giveFloor(id);
    void call.answer(this.#ports.media.microphoneIsSure);
  }

  hangUp(id: string): void {
    this.#calls.find(id)?.hangUp();
  }

  /** A conference is muted as a whole. */
  setMuted(id: string, muted: boolean): void {
    const meant = this.#calls.find(id);
    const calls = meant?.state.merged ? this.#calls.list.filter(({ state }) => state.merged) : [meant];
    for (const call of calls) call?.setMuted(muted);
  }

  hold(id: string): void {
    this.#merges.forget();
    this.#calls.find(id)?.setHeld(true);
  }

  /** Goes on with a call that is on hold. Another one that is up is held. */
  unhold(id: string): void {
    this.#merges.forget();
    this.#calls.resume(id);
  }

  /** Holds the call that is up and goes on with the one on hold. */
  swap(): void {
    this.#merges.forget();
    this.#calls.swap();
  }

  /**
   * Merges the call that is spoken in with the one on hold: all hear each other, mixed on the gateway. Where one of the two
   * is a conference already, the other call comes to it. How that fails shows in the snapshot; then all is as before.
   */
  merge(): void {
    void this.#merges.merge();
  }

  /** Leaves the conference; its other members go on. To drop one of them is to hang that call up. */
  leave(): void {
    this.#merges.leave();
  }

  /**
   * Hands a call on to a number without asking there: as soon as somebody answers, the gateway joins the two. The
   * call to the number is one of this phone, with its permissions and its limits.
   * @returns the call to the number; `undefined` where it can't be made (see `call`)
   */
  blindTransfer(id: string, typed: string): Call | undefined {
    return this.#transfers.begin(id, this.#dial(typed, id), 'waiting');
  }

  /**
   * The same, but the person speaks there first, and then completes or cancels.
   * @param to a number, or the id of another call that is up
   */
  attendedTransfer(
    id: string,
    to: { readonly number: string } | { readonly call: string },
  ): Call | undefined {
    const target = 'number' in to ? this.#dial(to.number, id) : this.#calls.find(to.call);
    return this.#transfers.begin(id, target, 'asking');
  }

  /** Joins the two calls of the transfer: now, or as soon as the target has answered. */
  completeTransfer(): void {
    this.#transfers.complete();
  }

  /** Ends the call with the target and goes on with the first one. */
  cancelTransfer(): void {
    this.#transfers.cancel();
  }

  /** What becomes of an incoming call while two are up. `busy` until something else is said. */
  setThirdCall(thirdCall: ThirdCall): void {
    this.#thirdCall = thirdCall;
    this.#changed();
  }

  /** The sound of a key, for whoever types a number while a call is up. */
  playKey(key: Key): void {
    this.#ports.tones.key(key);
  }

  /**
   * Keys pressed, or pasted, one after the other: in a call their tones go to the far end, else they are only heard here.
   * What is no key is left out.
   */
  sendDtmf(text: string): void {
    this.#ports.tones.unlock();
    const keys = [...text].filter(isKey);
    const call = this.#calls.find(this.#calls.floor);
    const status = call?.state.status;
    if (call !== undefined && (status === 'established' || status === 'early')) call.sendTones(keys);
    else for (const key of keys) this.#ports.tones.key(key);
  }

  #openLine(config: PhoneConfig): void {
    this.#country = config.country;
    const opened = this.#line.open(config);
    // Where a call comes back, media is waited for more than the registration is.
    if (opened && this.#left.bringBack(config.deviceId)) this.#line.prepareMedia();
  }

  async #closeLine(reason: 'signed-out'): Promise<void> {
    for (const call of this.#calls.list) call.endFor(reason);
    await this.#line.close();
    this.#calls.clear();
  }

  #ring(leg: IncomingLeg): void {
    if (!mayRing(this.#calls.states, this.#thirdCall)) {
      leg.refuse('busy');
      return;
    }
    this.#calls.add(new IncomingCall(leg, this.#ports.media.incoming(), this.#host));
  }

  #callsChanged(): void {
    this.#left.remember();
    if ((this.#calls.list.at(-1)?.snapshot.trace.length ?? 0) > 0) this.#news.release();
    this.#changed();
  }

  #changed(): void {
    this.#snapshot = undefined;
    this.#news.tell();
  }
}
