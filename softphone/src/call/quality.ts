import type { Transmission } from '@handset/gateway-config/e-model';

/** What one second of a call's sound was like here. */
export interface SoundSample extends Transmission {
  /** Packets that came. */
  readonly received: number;
  /** Root mean square of what came and of what the microphone gave, full scale 1; `undefined`: it is not known. */
  readonly farLoudness: number | undefined;
  readonly nearLoudness: number | undefined;
  /** Tells the network in use from others. */
  readonly network: string;
}

/** What the person has asked for, and is therefore no fault. */
export interface Circumstances {
  readonly muted: boolean;
  readonly held: boolean;
}

export const SOUND_WARNINGS = [
  'nothing-arrives',
  'microphone-silent',
  'far-end-silent',
  'high-loss',
  'high-delay',
  'network-changed',
] as const;

export type SoundWarning = (typeof SOUND_WARNINGS)[number];

/** How a call sounds, and the last seconds that it is judged by. Immutable. */
export interface Quality {
  readonly samples: readonly SoundSample[];
  readonly faults: readonly (readonly SoundWarning[])[];
  readonly warnings: readonly SoundWarning[];
  /** The network that the call is known to be on. */
  readonly network: string;
  readonly microphone: Microphone;
}

/** What is known of the microphone in use. */
interface Microphone {
  /** Seconds that it has been listened to. */
  readonly seconds: number;
  /** It works: somebody has been loud enough. */
  readonly heard: boolean;
}

const NEW_MICROPHONE: Microphone = { seconds: 0, heard: false };

export const NEW_QUALITY: Quality = {
  samples: [],
  faults: [],
  warnings: [],
  network: '',
  microphone: NEW_MICROPHONE,
};

/** Seconds that count. */
const WINDOW = 5;
/** Of these, so many faulty ones raise a warning, and so few end it: between the two it stays as it is. */
const RAISED_BY = 3;
const CLEARED_BY = 1;

/** Where a browser takes out echo and noise, it leaves this much of nothing at all, and little more of a quiet room. */
const DEAD_MICROPHONE = 16 / 32_768;
/** So a microphone that has been heard is taken for dead only where it gives no more than one step of 16-bit sound. */
const ZERO = 1 / 32_768;
/** Somebody speaks. */
const HEARD = 0.01;
/**
 * While a browser still learns what noise there is, it makes some itself: Chromium up to 0.0175 for half a second, and
 * not each time. What these first seconds have of a voice is louder.
 */
const LEARNING_SECONDS = 2;
const HEARD_WHILE_LEARNING = 0.03;
/** Silence in A-law is its smallest step, 8 of 32,768 (ITU-T G.711); the quietest telephone line is louder than two. */
const DEAD_LINE = 16 / 32_768;
/** Percent of packets. Concealment hides less than this. */
const HIGH_LOSS = 3;
/** Both ways, in ms: people begin to talk over each other (ITU-T G.114 wants 150 one way, and 400 at the most). */
const HIGH_DELAY = 400;

/** A second has passed. */
export function nextQuality(quality: Quality, sample: SoundSample, circumstances: Circumstances): Quality {
  const samples = [...quality.samples, sample].slice(-WINDOW);
  const faults = [...quality.faults, faultsOf(sample, circumstances, quality)].slice(-WINDOW);
  const warnings = SOUND_WARNINGS.filter((warning) => {
    const count = faults.filter((second) => second.includes(warning)).length;
    return count >= RAISED_BY || (count > CLEARED_BY && quality.warnings.includes(warning));
  });
  return {
    samples,
    faults,
    warnings,
    network: settledNetwork(samples) ?? quality.network,
    microphone: listenedTo(quality.microphone, sample.nearLoudness),
  };
}

function faultsOf(
  { received, farLoudness, nearLoudness, lossPercent, roundTripMs, network }: SoundSample,
  { muted, held }: Circumstances,
  { network: known, microphone }: Quality,
): readonly SoundWarning[] {
  const comes = received > 0;
  const dead = nearLoudness !== undefined && nearLoudness < (microphone.heard ? ZERO : DEAD_MICROPHONE);
  const faulty: Readonly<Record<SoundWarning, boolean>> = {
    'nothing-arrives': !held && !comes,
    'microphone-silent': !muted && !held && dead,
    'far-end-silent': !held && comes && farLoudness !== undefined && farLoudness < DEAD_LINE,
    'high-loss': comes && lossPercent > HIGH_LOSS,
    'high-delay': roundTripMs > HIGH_DELAY,
    'network-changed': known !== '' && network !== '' && network !== known,
  };
  return SOUND_WARNINGS.filter((warning) => faulty[warning]);
}

/** Of another microphone, which has no loudness at first, nothing is known. */
function listenedTo({ seconds, heard }: Microphone, loudness: number | undefined): Microphone {
  if (loudness === undefined) return NEW_MICROPHONE;
  const least = seconds < LEARNING_SECONDS ? HEARD_WHILE_LEARNING : HEARD;
  return { seconds: seconds + 1, heard: heard || loudness > least };
}

/** One that was the same for the whole window: it is news no longer. */
function settledNetwork(samples: readonly SoundSample[]): string | undefined {
  const networks = new Set(samples.map(({ network }) => network));
  return samples.length === WINDOW && networks.size === 1 ? samples[0]?.network : undefined;
}

/** The last seconds taken together; `undefined` before there is any. */
export function recent({ samples }: Quality): Transmission | undefined {
  if (samples.length === 0) return undefined;
  const mean = (pick: (sample: SoundSample) => number) =>
    samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
  const comes = samples.some(({ received }) => received > 0);
  return {
    lossPercent: comes ? mean(({ lossPercent }) => lossPercent) : 100,
    jitterMs: mean(({ jitterMs }) => jitterMs),
    roundTripMs: mean(({ roundTripMs }) => roundTripMs),
  };
}
