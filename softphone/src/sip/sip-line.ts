import { URI, UserAgent } from 'sip.js';
import type { ConnectionStatus } from '../call/connection-state.ts';
import type { LeftLeg, Leg, LegListener, LineIdentity, LineListener, LinePort } from '../call/line-port.ts';
import type { CallMedia } from '../call/media-port.ts';
import type { TraceStep } from '../call/trace.ts';
import type { HeadStart } from '../head-start.ts';
import { Clock } from './clock.ts';
import { type Connection, ConnectionSupervisor } from './connection-supervisor.ts';
import { GatewayAddresses } from './gateway-addresses.ts';
import { IncomingInviteLeg } from './incoming-leg.ts';
import { summarise } from './message-summary.ts';
import { OutgoingInviteLeg } from './outgoing-leg.ts';
import { askPlainly } from './plain-question.ts';
import { Probe } from './probe.ts';
import { Registration, type RegistrationOutcome } from './registration.ts';
import { handlerOf } from './session-description.ts';
import type { TracedLeg } from './session-leg.ts';
import { onSlept, onWake } from './wake.ts';
import { WebSocketTransport, type WebSocketTransportOptions } from './web-socket-transport.ts';

/** An unanswered call rings until the gateway gives up, not until sip.js does. */
const RING_LIMIT_S = 300;
/** Where the gateway gives a call of this device to the leg that asks for it (see its dialplan). */
const TAKE_OVER = 'take-over';
/** Who is awake has asked the gateway, and has had its answer, within this time. */
const AWAKE_MS = 7_000;
const FORGET_MS = 5_000;
/** Calls that got no leg (refused within sip.js) leave their messages behind; no more than of this many. */
const MOST_EARLY = 8;
/** After so many failures in a row the gateway is asked in a way that costs less than a WebSocket that fails. */
const FAILURES_BEFORE_ASKING = 2;

/** The line of one signed-in device: sip.js' user agent, kept connected and registered. */
export class SipLine implements LinePort, Connection {
  readonly #listener: LineListener;
  readonly #userAgent: UserAgent;
  readonly #supervisor: ConnectionSupervisor;
  readonly #legs = new Map<string, TracedLeg>();
  /** Messages of a call that has no leg yet: its INVITE, and what sip.js says to it at once. */
  readonly #early = new Map<string, TraceStep[]>();
  readonly #endWake: () => void;
  readonly #clock = new Clock();
  readonly #addresses: GatewayAddresses;
  readonly #probe: Probe;
  readonly #identity: LineIdentity;
  /** Told apart so that an attempt that was given up opens nothing. */
  #opening = 0;
  #registration: Registration | undefined;
  /** When the gateway last gave a sign of life, in milliseconds since the epoch. */
  #lastSign = 0;

  /** @param headStart may hold a socket that the page has opened already */
  constructor(identity: LineIdentity, listener: LineListener, headStart?: HeadStart) {
    this.#identity = identity;
    this.#listener = listener;
    this.#addresses = new GatewayAddresses(identity.webSockets);
    this.#userAgent = this.#makeUserAgent(headStart);
    this.#probe = new Probe(this.#userAgent.configuration.uri.host, this.#transport.protocol);
    const onChange = (status: ConnectionStatus, wasReady: boolean) => {
      if (status === 'ready') this.#reconnected();
      listener.connection(status, wasReady);
    };
    this.#supervisor = new ConnectionSupervisor(this, onChange, this.#clock);
    const endWake = onWake(() => this.#supervisor.nudge());
    const endSlept = onSlept(() => this.#supervisor.woke(), this.#clock);
    this.#endWake = () => {
      endWake();
      endSlept();
    };
    addEventListener('pagehide', this.#leaveAll);
    // Not before the caller has this line in hand.
    queueMicrotask(() => this.#supervisor.start());
  }

  get server(): string {
    return this.#addresses.current;
  }

  invite(target: string, media: CallMedia, listener: LegListener): Leg {
    return this.#invite(target, media, listener);
  }

  takeOver(left: LeftLeg, media: CallMedia, listener: LegListener): Leg {
    const headers = [`X-Handset-Call: ${left.callId}`, `X-Handset-Credential: ${left.credential}`];
    return this.#invite(TAKE_OVER, media, listener, headers);
  }

  #invite(target: string, media: CallMedia, listener: LegListener, headers: string[] = []): Leg {
    const { host } = this.#userAgent.configuration.uri;
    const uri = new URI('sip', encodeURIComponent(target), host);
    const leg = new OutgoingInviteLeg(
      this.#userAgent,
      uri,
      media,
      listener,
      () => this.#forget(leg),
      () => this.#supervisor.refreshed('refused'),
      headers,
    );
    this.#legs.set(leg.callId, leg);
    leg.invite();
    return leg;
  }

  check(): void {
    this.#supervisor.check();
  }

  renew(identity: LineIdentity): void {
    this.#addresses.replace(identity.webSockets);
    void this.#changeCredential(identity.sip);
  }

  async close(): Promise<void> {
    this.#endWake();
    removeEventListener('pagehide', this.#leaveAll);
    for (const leg of this.#legs.values()) leg.hangUp();
    await this.#registration?.withdraw();
    this.#supervisor.stop();
    this.#clock.close();
  }

  // The supervisor's side.

  get addresses(): number {
    return this.#addresses.count;
  }

  async open(failures: number): Promise<void> {
    this.#addresses.advance();
    const opening = ++this.#opening;
    const answer = failures > FAILURES_BEFORE_ASKING ? await askPlainly(this.server) : 'worth-trying';
    // Given up meanwhile: the socket of the next attempt must not be disturbed.
    if (opening !== this.#opening) throw new Error('Given up');
    if (this.#addresses.answered(answer)) this.#listener.gatewayDown();
    if (answer !== 'worth-trying') throw new Error(`The gateway's address is ${answer}`);
    await (this.#userAgent.state === 'Started' ? this.#transport.connect() : this.#userAgent.start());
  }

  probe(): void {
    this.#transport.send(this.#probe.next()).catch(() => undefined);
  }

  drop(): void {
    this.#opening += 1;
    this.#transport.drop();
  }

  async register(): Promise<RegistrationOutcome> {
    this.#registration?.abandon();
    this.#registration = new Registration(this.#userAgent, (outcome) => this.#supervisor.refreshed(outcome));
    const askedAt = Date.now();
    const outcome = await this.#registration.register();
    if (outcome === 'registered') this.#lastSign = askedAt;
    return outcome;
  }

  /** A page that goes leaves its calls to the next one. Where none comes, the gateway ends them. */
  readonly #leaveAll = (): void => {
    for (const leg of this.#legs.values()) leg.leave();
  };

  get #transport(): WebSocketTransport {
    return this.#userAgent.transport as WebSocketTransport;
  }

  /** The old contact goes first: with both of them there, each call would ring twice. */
  async #changeCredential({ authorizationUser, password }: LineIdentity['sip']): Promise<void> {
    const registered = this.#supervisor.status === 'ready';
    if (registered) await this.#registration?.withdraw();
    const { configuration, contact } = this.#userAgent;
    configuration.authorizationUsername = authorizationUser;
    configuration.authorizationPassword = password;
    contact.uri.user = authorizationUser;
    if (!registered) this.#supervisor.start();
    else this.#supervisor.refreshed(await this.register());
  }

  /** What calls had to say meanwhile goes out, and whether they are still there is asked. */
  #reconnected(): void {
    this.#addresses.worked();
    this.#transport.flush();
    for (const leg of [...this.#legs.values()]) leg.reconnected();
  }

  #lost(): void {
    this.#registration?.abandon();
    this.#registration = undefined;
    for (const leg of [...this.#legs.values()]) leg.socketLost();
    this.#supervisor.lost();
  }

  #makeUserAgent(headStart: HeadStart | undefined): UserAgent {
    const { sip, user } = this.#identity;
    const uri = UserAgent.makeURI(sip.uri);
    if (uri === undefined) throw new TypeError(`Not a SIP address: ${sip.uri}`);
    const transportOptions: WebSocketTransportOptions = {
      server: () => this.server,
      begun: (server) => headStart?.takeSocket(server),
      onMessage: (text, sent) => this.#trace(text, sent),
      intercept: (text) => {
        const askedAt = this.#probe.askedAt(text);
        if (askedAt !== undefined) this.#answered(askedAt);
        return askedAt !== undefined;
      },
    };
    return new UserAgent({
      uri,
      displayName: user.name.replaceAll('"', ''),
      authorizationUsername: sip.authorizationUser,
      authorizationPassword: sip.password,
      // With it the server can tell which contact belongs to which device.
      contactName: sip.authorizationUser,
      transportConstructor: WebSocketTransport,
      transportOptions,
      sessionDescriptionHandlerFactory: handlerOf,
      noAnswerTimeout: RING_LIMIT_S,
      // Its log holds whole messages, digests among them.
      logBuiltinEnabled: false,
      logConfiguration: false,
      userAgentString: 'Handset',
      delegate: {
        onDisconnect: () => this.#lost(),
        // The gateway says so of a device that was revoked.
        onNotify: (notification) => {
          void notification.accept();
          this.#registration?.refreshNow();
        },
        onInvite: (invitation) => {
          const leg = new IncomingInviteLeg(invitation, () => this.#forget(leg));
          this.#legs.set(leg.callId, leg);
          if (isOfNow(this.#lastSign)) this.#ring(leg);
          else leg.ringIfStillThere(() => this.#ring(leg));
        },
      },
    });
  }

  /** The gateway has answered a question of that time. From before the machine slept it tells nothing of now. */
  #answered(askedAt: number): void {
    if (!isOfNow(askedAt)) return;
    this.#lastSign = askedAt;
    this.#supervisor.answered();
    this.#registration?.refreshIfDue();
  }

  #ring(leg: IncomingInviteLeg): void {
    this.#listener.incoming(leg);
    for (const step of this.#early.get(leg.callId) ?? []) leg.step(step);
    this.#early.delete(leg.callId);
  }

  #trace(text: string, sent: boolean): void {
    const summary = summarise(text);
    if (summary === undefined) return;
    const { callId, ...rest } = summary;
    const step = { ...rest, sent, at: performance.now() };
    const leg = this.#legs.get(callId);
    if (step.method === 'REGISTER') this.#listener.step(step);
    else if (leg !== undefined) leg.step(step);
    else if (step.method === 'INVITE') this.#keepEarly(callId, step);
  }

  #keepEarly(callId: string, step: TraceStep): void {
    if (this.#early.size >= MOST_EARLY) this.#early.clear();
    this.#early.set(callId, [...(this.#early.get(callId) ?? []), step]);
  }

  /** After a moment: the answer to a BYE is still to come. */
  #forget(leg: TracedLeg): void {
    setTimeout(() => {
      this.#legs.delete(leg.callId);
      leg.release();
    }, FORGET_MS);
  }
}

function isOfNow(askedAt: number): boolean {
  return Date.now() - askedAt <= AWAKE_MS;
}
