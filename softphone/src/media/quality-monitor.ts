import { mos } from '@handset/gateway-config/e-model';
import type { AttendedCall, AttendedPhone, CallQuality } from '../call/ports.ts';
import type { ProvisioningPort, QualityReport } from '../call/provisioning-port.ts';
import { NEW_QUALITY, nextQuality, type Quality, recent } from '../call/quality.ts';
import { QualityReports } from './quality-reports.ts';
import { countSound, type SoundCounters, sampleBetween } from './sound-counters.ts';

const LOOK_MS = 1_000;

/** One call that is listened to. */
interface Attended {
  readonly call: AttendedCall;
  quality: Quality;
  counters: SoundCounters | undefined;
  /** Of all seconds, for their mean. */
  jitterMs: number;
  roundTripMs: number;
  seconds: number;
}

/** Looks at each call that is up once a second, judges it, and reports on it at its end. */
export class QualityMonitor {
  readonly #phone: AttendedPhone;
  readonly #onChange: () => void;
  readonly #reports: QualityReports;
  readonly #attended = new Map<string, Attended>();
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    phone: AttendedPhone,
    provisioning: Pick<ProvisioningPort, 'reportQuality'>,
    onChange: () => void,
  ) {
    this.#phone = phone;
    this.#onChange = onChange;
    this.#reports = new QualityReports(provisioning);
    phone.subscribe(() => this.#phoneChanged());
    // Whatever becomes of the calls, what they were like so far is told.
    addEventListener('pagehide', () => {
      for (const attended of this.#attended.values()) this.#report(attended);
    });
    this.#phoneChanged();
  }

  of(call: string): CallQuality | undefined {
    const attended = this.#attended.get(call);
    const transmission = attended === undefined ? undefined : recent(attended.quality);
    if (attended === undefined || transmission === undefined) return undefined;
    return { ...transmission, mos: mos(transmission), warnings: attended.quality.warnings };
  }

  #phoneChanged(): void {
    for (const call of this.#phone.calls) {
      if (call.state.status !== 'established' || this.#attended.has(call.id)) continue;
      const nothing = { quality: NEW_QUALITY, counters: undefined, jitterMs: 0, roundTripMs: 0, seconds: 0 };
      this.#attended.set(call.id, { call, ...nothing });
      this.#timer ??= setInterval(() => void this.#lookAtAll(), LOOK_MS);
    }
    for (const [id, attended] of this.#attended) if (!attended.call.alive) this.#end(id, attended);
  }

  #end(id: string, attended: Attended): void {
    this.#attended.delete(id);
    this.#report(attended);
    if (this.#attended.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #lookAtAll(): Promise<void> {
    await Promise.all([...this.#attended.values()].map((attended) => this.#look(attended)));
    this.#onChange();
  }

  async #look(attended: Attended): Promise<void> {
    const { call, counters: before } = attended;
    const peer = call.media?.peerConnection;
    const now = peer && (await countSound(peer).catch(() => undefined));
    if (now === undefined) return;
    attended.counters = now;
    if (before === undefined) return;
    const sample = sampleBetween(before, now);
    attended.quality = nextQuality(attended.quality, sample, call.state);
    attended.jitterMs += sample.jitterMs;
    attended.roundTripMs += sample.roundTripMs;
    attended.seconds += 1;
  }

  #report({ call, counters, jitterMs, roundTripMs, seconds }: Attended): void {
    if (call.callId === undefined || counters === undefined || seconds === 0) return;
    this.#reports.send(call.callId, reportOf(counters, jitterMs / seconds, roundTripMs / seconds));
  }
}

/** Nothing that never came is rated. */
function reportOf(counters: SoundCounters, jitterMs: number, roundTripMs: number): QualityReport {
  const { codec, packetsReceived, packetsLost } = counters;
  const lossPercent = packetsLost === 0 ? 0 : (100 * packetsLost) / (packetsLost + packetsReceived);
  return {
    ...(codec === undefined ? {} : { codec }),
    packetsReceived,
    packetsLost,
    jitterMs: hundredths(jitterMs),
    ...(counters.roundTripMs === undefined ? {} : { roundTripMs: hundredths(roundTripMs) }),
    ...(packetsReceived === 0 ? {} : { mos: mos({ lossPercent, jitterMs, roundTripMs }) }),
  };
}

const hundredths = (value: number) => Math.round(value * 100) / 100;
