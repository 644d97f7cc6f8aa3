import type { Call, CallHost } from './call.ts';
import type { ConnectionStatus } from './connection-state.ts';
import { dialable, type Key } from './dialled.ts';
import { IncomingCall } from './incoming-call.ts';
import { normalise } from './number-format.ts';
import { OutgoingCall } from './outgoing-call.ts';
import type { IceConfig, IncomingLeg, LineListener, LinePort, PhoneConfig, PhonePorts } from './ports.ts';
import { PhoneSession } from './session.ts';
import type { ConnectionSnapshot, PhoneSnapshot } from './snapshot.ts';
import { mark } from './timeline.ts';
import type { TraceStep } from './trace.ts';

/** More than the last registration ever needs: REGISTER, challenge, REGISTER, answer. */
const REGISTRATION_STEPS = 4;
const DISCONNECTED: ConnectionSnapshot = { status: 'stopped', wasReady: false, server: '', trace: [] };

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
  readonly #listeners = new Set<() => void>();
  #calls: readonly Call[] = [];
  #newsHeld = false;
  #line: LinePort | undefined;
  #country = 'US';
  #ice: IceConfig = { iceServers: [], iceTransportPolicy: 'all' };
  #connection: ConnectionSnapshot = DISCONNECTED;
  #snapshot: PhoneSnapshot | undefined;

  constructor(ports: PhonePorts) {
    this.#ports = ports;
    this.#session = new PhoneSession(ports.provisioning, {
      changed: () => this.#changed(),
      signedIn: (config) => this.#openLine(config),
      signedOut: () => this.#closeLine('signed-out'),
    });
    this.#host = {
      tones: ports.tones,
      now: () => ports.now(),
      openMicrophone: () => ports.media.openMicrophone(),
      changed: () => this.#callChanged(),
    };
    ports.media.onMicrophoneChange(() => this.#changed());
  }

  get snapshot(): PhoneSnapshot {
    this.#snapshot ??= {
      ...this.#session.state,
      country: this.#country,
      connection: this.#connection,
      microphone: this.#ports.media.microphone,
      calls: this.#calls.map((call) => call.snapshot),
    };
    return this.#snapshot;
  }

  /** The live calls, in the order of the snapshot's. */
  get calls(): readonly Call[] {
    return this.#calls;
  }

  /** @returns what ends the subscription */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
   * Calls a number as it was typed.
   * @returns the call, also where it ended at once; `undefined` where nothing was typed or a call is up
   */
  call(typed: string): Call | undefined {
    if (dialable(typed) === '' || this.#calls.some((call) => call.alive)) return undefined;
    const target = normalise(typed, this.#country);
    const call = new OutgoingCall({ number: target }, this.#host);
    this.#calls = [call];
    const line = this.#line;
    if (line === undefined || this.#connection.status !== 'ready') {
      call.endFor('not-connected');
      return call;
    }
    const { media } = this.#ports;
    if (media.microphoneIsSure) this.#holdNews();
    void call.dial({
      microphoneIsSure: media.microphoneIsSure,
      openMedia: () => media.outgoing(),
      invite: (callMedia, listener) => line.invite(target, callMedia, listener),
    });
    // After the INVITE: starting the sound system takes its time.
    setTimeout(() => this.#ports.tones.unlock());
    return call;
  }

  answer(id: string): void {
    const call = this.#find(id);
    if (call instanceof IncomingCall) void call.answer(this.#ports.media.microphoneIsSure);
  }

  hangUp(id: string): void {
    this.#find(id)?.hangUp();
  }

  setMuted(id: string, muted: boolean): void {
    this.#find(id)?.setMuted(muted);
  }

  setHeld(id: string, held: boolean): void {
    this.#find(id)?.setHeld(held);
  }

  /** A key pressed: in a call its tone goes to the far end, else it is only heard here. */
  press(key: Key): void {
    this.#ports.tones.unlock();
    const call = this.#calls.find(({ state }) => state.status === 'established' || state.status === 'early');
    if (call === undefined) this.#ports.tones.key(key);
    else call.sendTone(key);
  }

  #find(id: string): Call | undefined {
    return this.#calls.find((call) => call.id === id);
  }

  #openLine(config: PhoneConfig): void {
    this.#country = config.country;
    this.#ice = config;
    if (this.#line !== undefined) {
      this.#line.renew(config);
      if (this.#connection.status === 'ready') this.#ports.media.prepare(this.#ice);
      return;
    }
    const listener: LineListener = {
      connection: (status, wasReady) => this.#connectionChanged(status, wasReady),
      incoming: (leg) => this.#ring(leg),
      step: (step) => this.#registrationStep(step),
    };
    this.#line = this.#ports.openLine(config, listener);
  }

  async #closeLine(reason: 'signed-out'): Promise<void> {
    for (const call of this.#calls) call.endFor(reason);
    const line = this.#line;
    this.#line = undefined;
    this.#ports.media.rest();
    await line?.close();
    this.#connection = DISCONNECTED;
    this.#calls = [];
    this.#changed();
  }

  #ring(leg: IncomingLeg): void {
    if (this.#calls.some((call) => call.alive)) {
      leg.refuse('busy');
      return;
    }
    this.#calls = [new IncomingCall(leg, this.#ports.media.incoming(), this.#host)];
    this.#changed();
  }

  #connectionChanged(status: ConnectionStatus, wasReady: boolean): void {
    if (status === 'ready' && this.#connection.status !== 'ready') {
      mark('ready');
      // Not before: it would hold up the registration. Anew after each outage: the network may be another.
      this.#ports.media.prepare(this.#ice);
    }
    this.#connection = { ...this.#connection, status, wasReady, server: this.#line?.server ?? '' };
    this.#changed();
    // The credential is gone: revoked, or out of date. The session knows which.
    if (status === 'refused') void this.#session.renew();
  }

  #registrationStep(step: TraceStep): void {
    const trace = [...this.#connection.trace, step].slice(-REGISTRATION_STEPS);
    this.#connection = { ...this.#connection, trace };
    this.#changed();
  }

  #callChanged(): void {
    if (this.#newsHeld && this.#calls.some((call) => call.snapshot.trace.length > 0)) this.#newsHeld = false;
    this.#changed();
  }

  /** The INVITE goes first: subscribers, who may have much to draw, hear of the call once it is out. */
  #holdNews(): void {
    this.#newsHeld = true;
    setTimeout(() => {
      if (!this.#newsHeld) return;
      this.#newsHeld = false;
      this.#changed();
    });
  }

  #changed(): void {
    this.#snapshot = undefined;
    if (this.#newsHeld) return;
    for (const listener of this.#listeners) listener();
  }
}
