import type { Codec } from '@handset/gateway-config';
import type { DevicesPort } from './devices.ts';
import type { EndReason } from './end-reason.ts';
import type { IncomingLeg, Leg, LegListener, LineIdentity, LineListener, LinePort } from './line-port.ts';
import type { CallMedia, MediaPath, MediaPort, MicrophoneState, TonesPort } from './media-port.ts';
import { Phone } from './phone.ts';
import type { CallMemoryPort, KeptCall, PhonePorts, QualityPort } from './ports.ts';
import type { MergeFault, PhoneConfig, ProvisioningPort } from './provisioning-port.ts';

/** Fakes of the phone's ports, for tests: they note what is asked of them and do as they are told. */

export const CONFIG: PhoneConfig = {
  user: { id: 'u1', name: 'Ada', login: 'ada', extension: '1001', number: '+12025550150' },
  deviceId: 'd1',
  sip: {
    uri: 'sip:1001@handset.local',
    authorizationUser: 'dv1',
    password: 'p',
    realm: 'handset',
    expiresAt: '2999-01-01T00:00:00Z',
  },
  webSockets: ['ws://gateway/ws'],
  iceServers: [{ urls: 'stun:gateway' }],
  iceTransportPolicy: 'all',
  codecs: ['opus', 'g722', 'pcmu', 'pcma'],
  outsideCodecs: ['g722', 'pcmu', 'pcma'],
  emergencyNumbers: ['112', '911'],
  country: 'US',
};

export class FakeMedia implements CallMedia {
  readonly peerConnection = {} as RTCPeerConnection;
  readonly codecs: readonly Codec[];
  readonly log: string[] = [];
  quiet = false;
  signs = 0;
  path: (path: MediaPath) => void = () => {};
  isQuiet: (ms: number) => void = () => {};

  constructor(codecs: readonly Codec[]) {
    this.codecs = codecs;
  }

  async speak(): Promise<void> {
    this.log.push('speak');
  }
  setMuted(muted: boolean): void {
    this.log.push(muted ? 'mute' : 'unmute');
  }
  setHeld(held: boolean): void {
    this.log.push(held ? 'hold' : 'resume');
  }
  sendTones(keys: readonly string[]): void {
    this.log.push(`tone ${keys.join('')}`);
  }
  onFirstAudio(): void {}
  onQuiet(listener: (ms: number) => void): void {
    this.isQuiet = listener;
  }
  async signsOfLife(): Promise<number> {
    return this.signs;
  }
  onPath(listener: (path: MediaPath) => void): void {
    this.path = listener;
  }
  restartIce(): void {
    this.log.push('restart-ice');
  }
  close(): void {
    this.log.push('close');
  }
}

export class FakeLeg implements Leg {
  readonly callId: string = 'call-id';
  readonly credential = 'dv1';
  readonly log: string[] = [];
  listener: LegListener | undefined;
  joined: PromiseWithResolvers<EndReason | undefined> = Promise.withResolvers();

  hangUp(farEnd: 'goes' | 'stays' = 'goes'): void {
    this.log.push(farEnd === 'goes' ? 'hang-up' : 'leave');
  }
  renegotiate(): void {
    this.log.push('renegotiate');
  }
  joinWith(): Promise<EndReason | undefined> {
    this.log.push('join');
    return this.joined.promise;
  }
}

export class FakeIncomingLeg extends FakeLeg implements IncomingLeg {
  readonly from = { number: '+12025550199' };

  listen(listener: LegListener): void {
    this.listener = listener;
  }
  prepare(): void {
    this.log.push('prepare');
  }
  answer(): void {
    this.log.push('answer');
  }
  refuse(why: string): void {
    this.log.push(`refuse ${why}`);
  }
}

export class FakeMemory implements CallMemoryPort {
  calls: readonly KeptCall[] = [];

  take(): readonly KeptCall[] {
    return this.calls;
  }
  keep(_deviceId: string, calls: readonly KeptCall[]): void {
    this.calls = calls;
  }
}

export class FakeTrack {
  stopped = false;
  stop(): void {
    this.stopped = true;
  }
}

/** All ports of one phone, and the handles by which a test plays the world. */
export class FakeWorld implements PhonePorts {
  signedIn: PhoneConfig | Error = CONFIG;
  microphoneIsSure = true;
  microphone: PromiseWithResolvers<MediaStreamTrack> = Promise.withResolvers();
  readonly track = new FakeTrack();
  readonly log: string[] = [];
  readonly legs: FakeLeg[] = [];
  readonly medias: FakeMedia[] = [];
  readonly memory = new FakeMemory();
  line: LineListener | undefined;
  mergeFault: MergeFault | undefined;
  /** What the server says of a call that is asked for. */
  live: boolean | undefined = true;

  readonly provisioning: ProvisioningPort = {
    signIn: async (login) => {
      this.log.push(`sign-in ${login}`);
    },
    signOut: async () => {
      this.log.push('sign-out');
    },
    reportQuality: async () => {},
    merge: async (sipCallIds) => {
      this.log.push(`merge ${sipCallIds.join(' ')}`);
      return this.mergeFault;
    },
    isLive: async (sipCallId) => {
      this.log.push(`is-live ${sipCallId}`);
      return this.live;
    },
    phoneConfig: async () => {
      if (this.signedIn instanceof Error) throw this.signedIn;
      return this.signedIn;
    },
  };

  readonly media: MediaPort = (() => {
    const world = this;
    return {
      microphone: 'granted' as MicrophoneState,
      get microphoneIsSure() {
        return world.microphoneIsSure;
      },
      onMicrophoneChange: () => {},
      openMicrophone: () => {
        world.log.push('open-microphone');
        return world.microphone.promise;
      },
      prepare: () => world.log.push('prepare'),
      rest: () => world.log.push('rest'),
      outgoing: (codecs) => world.#newMedia(codecs),
      incoming: () => world.#newMedia(),
    };
  })();

  readonly devices: DevicesPort = {
    snapshot: {
      microphone: { devices: [], chosen: undefined, missing: false },
      speaker: { devices: [], chosen: undefined, missing: false },
      ring: { devices: [], chosen: undefined, missing: false },
      processing: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      canChooseOutput: true,
      namesKnown: true,
      microphoneLost: false,
    },
    subscribe: () => () => undefined,
    choose: () => {},
    setProcessing: () => {},
  };

  readonly quality: QualityPort = {
    attend: () => {},
    of: () => undefined,
    subscribe: () => () => undefined,
  };

  readonly tones: TonesPort = {
    blocked: false,
    onBlockedChange: () => {},
    check: () => {},
    unlock: () => {},
    startRinging: () => this.log.push('ring'),
    startRingback: () => this.log.push('ringback'),
    startCallWaiting: () => this.log.push('call-waiting'),
    stop: () => this.log.push('quiet'),
    key: (key) => this.log.push(`key ${key}`),
    failed: (busy) => this.log.push(busy ? 'busy-tone' : 'failed-tone'),
  };

  openLine(identity: LineIdentity, listener: LineListener): LinePort {
    this.log.push(`line ${identity.sip.authorizationUser}`);
    this.line = listener;
    return {
      server: 'ws://gateway/ws',
      invite: (target, _media, legListener) => {
        this.log.push(`invite ${target}`);
        const leg = new FakeLeg();
        leg.listener = legListener;
        this.legs.push(leg);
        return leg;
      },
      takeOver: (left, _media, legListener) => {
        this.log.push(`take-over ${left.callId}`);
        const leg = new FakeLeg();
        leg.listener = legListener;
        this.legs.push(leg);
        return leg;
      },
      check: () => this.log.push('check'),
      renew: ({ sip }) => this.log.push(`renew ${sip.authorizationUser}`),
      close: async () => {
        this.log.push('line-closed');
      },
    };
  }

  /** Milliseconds since the epoch. */
  time = 1_000;

  now(): number {
    return this.time;
  }

  /** The microphone opens. */
  async speak(): Promise<void> {
    this.microphone.resolve(this.track as unknown as MediaStreamTrack);
    await settled();
  }

  #newMedia(codecs: readonly Codec[] = CONFIG.codecs): FakeMedia {
    const media = new FakeMedia(codecs);
    this.medias.push(media);
    return media;
  }
}

/** After all promises that wait for nothing else. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** A phone in a fake world of its own. */
export function newPhone() {
  const world = new FakeWorld();
  const phone = new Phone(world);
  return {
    world,
    phone,
    call: () => phone.snapshot.calls[0],
    /** A call that somebody here made, answered by the far end. */
    callUp(number: string) {
      phone.call(number);
      world.legs.at(-1)?.listener?.answered();
    },
    /** Signed in and registered. */
    async ready() {
      await phone.start();
      world.line?.connection('ready', true);
    },
  };
}
