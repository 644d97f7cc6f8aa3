import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { repo } from '../../asterisk/lab/places.ts';
import { encodeWav, type Sound, tone } from './wav.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // All parts of a lab are on this machine.
  '--allow-loopback-in-peer-connection',
];

export interface ChromiumOptions {
  /** The network namespace that it is in (`/proc/PID/ns/net`); our own where not given. */
  readonly network?: string;
  readonly flags?: readonly string[];
}

/**
 * Starts Chromium.
 * @param pitch of the sound in its microphone, in hertz; `undefined`: it has no microphone
 */
export async function launchChromium(
  pitch: number | undefined,
  { network, flags = [] }: ChromiumOptions = {},
): Promise<Browser> {
  const microphone =
    pitch === undefined
      ? []
      : ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${await beeps(pitch)}`];
  return chromium.launch({
    executablePath: join(repo, 'asterisk/lab/bin/chromium'),
    args: [...FLAGS, ...microphone, ...flags],
    ...(network === undefined ? {} : { env: { ...process.env, CHROMIUM_NETWORK: network } }),
  });
}

const BEEP_SECONDS = 0.4;
const PAUSE_SECONDS = 0.2;

/** A tone that comes and goes: one that stays is noise to the browser, which takes it out of the microphone. */
async function beeps(pitch: number): Promise<string> {
  const { rate, samples } = tone(pitch, BEEP_SECONDS);
  const sound: Sound = { rate, samples: new Float32Array(samples.length + PAUSE_SECONDS * rate) };
  sound.samples.set(samples);
  const directory = join(repo, '.handset/test/microphones');
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${pitch}.wav`);
  await writeFile(file, encodeWav(sound));
  return file;
}
