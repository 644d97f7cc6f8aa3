import type { Codec } from '@handset/gateway-config';
import type { Call } from './call.ts';
import type { ConnectionStatus } from './connection-state.ts';
import { DeathWatch } from './death-watch.ts';
import type { IncomingLeg, LineListener, LinePort } from './line-port.ts';
import { type MediaConfig, UNCONFIGURED } from './media-port.ts';
import { offeredTo } from './offered-codecs.ts';
import type { PhonePorts } from './ports.ts';
import type { PhoneConfig } from './provisioning-port.ts';
import type { ConnectionSnapshot } from './snapshot.ts';
import { mark } from './timeline.ts';
import type { TraceStep } from './trace.ts';

/** More than the last registration ever needs: REGISTER, challenge, REGISTER, answer. */
const REGISTRATION_STEPS = 4;
const DISCONNECTED: ConnectionSnapshot = { status: 'stopped', wasReady: false, server: '', trace: [] };

/** What the line tells the phone. */
export interface PhoneLineListener {
  changed(): void;
  incoming(leg: IncomingLeg): void;
  /**
   * Registered: for the first time, or again.
   * @returns whether a call has taken the media that was ready
   */
  ready(line: LinePort): boolean;
  /** The gateway takes the credential no more. */
  refused(): void;
}

/** The phone's line to the gateway: what is known of its connection, and what has to be ready when it is. */
export class PhoneLine {
  readonly #ports: Pick<PhonePorts, 'openLine' | 'media' | 'tones'>;
  readonly #listener: PhoneLineListener;
  readonly #deathWatch: DeathWatch;
  #line: LinePort | undefined;
  #media: MediaConfig = UNCONFIGURED;
  #connection: ConnectionSnapshot = DISCONNECTED;

  /** @param calls those that die with the gateway */
  constructor(
    ports: Pick<PhonePorts, 'openLine' | 'media' | 'tones'>,
    calls: () => readonly Call[],
    listener: PhoneLineListener,
  ) {
    this.#ports = ports;
    this.#listener = listener;
    this.#deathWatch = new DeathWatch(calls);
  }

  get connection(): ConnectionSnapshot {
    return this.#connection;
  }

  /** The line while calls can be made on it. */
  get registered(): LinePort | undefined {
    return this.#connection.status === 'ready' ? this.#line : undefined;
  }

  /** With which codecs `target` is to be called; see {@link offeredTo}. */
  codecsFor(target: string, handedOn?: readonly Codec[]): readonly Codec[] {
    return offeredTo(target, this.#media, handedOn);
  }

  /** Asks the gateway whether it is there. */
  check(): void {
    this.#line?.check();
  }

  /**
   * Opens the line; one that is open goes on under the new credential.
   * @returns whether it was opened
   */
  open(config: PhoneConfig): boolean {
    this.#media = config;
    if (this.#line !== undefined) {
      this.#line.renew(config);
      if (this.registered !== undefined) this.prepareMedia();
      return false;
    }
    const listener: LineListener = {
      connection: (status, wasReady) => this.#connectionChanged(status, wasReady),
      gatewayDown: () => this.#deathWatch.gatewayDown(),
      incoming: (leg) => this.#listener.incoming(leg),
      step: (step) => this.#registrationStep(step),
    };
    this.#line = this.#ports.openLine(config, listener);
    return true;
  }

  /** Resolves when the gateway has confirmed it, or shortly after. */
  async close(): Promise<void> {
    const line = this.#line;
    this.#line = undefined;
    this.#deathWatch.end();
    this.#ports.media.rest();
    await line?.close();
    this.#connection = DISCONNECTED;
  }

  prepareMedia(): void {
    this.#ports.media.prepare(this.#media);
  }

  #connectionChanged(status: ConnectionStatus, wasReady: boolean): void {
    if (status === 'ready' && this.#connection.status !== 'ready') this.#becameReady();
    if (status === 'ready' || status === 'refused' || status === 'stopped') this.#deathWatch.end();
    else this.#deathWatch.begin();
    this.#connection = { ...this.#connection, status, wasReady, server: this.#line?.server ?? '' };
    this.#listener.changed();
    if (status === 'refused') this.#listener.refused();
  }

  #becameReady(): void {
    mark('ready');
    const used = this.#line !== undefined && this.#listener.ready(this.#line);
    // Not before: it would hold up the registration. Anew after each outage: the network may be another.
    if (!used) this.prepareMedia();
    this.#ports.tones.check();
  }

  #registrationStep(step: TraceStep): void {
    const trace = [...this.#connection.trace, step].slice(-REGISTRATION_STEPS);
    this.#connection = { ...this.#connection, trace };
    this.#listener.changed();
  }
}
