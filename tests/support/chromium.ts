import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { repo } from '../../asterisk/lab/places.ts';
import type { SoundSystem } from './sound-system.ts';
import { encodeWav, type Sound, tone } from './wav.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-breakpad',
];
/** For a browser that is on one machine, and in one network, with all parts of the lab. */
const LOOPBACK_FLAG = '--allow-loopback-in-peer-connection';

/** What a browser hears: beeps of a pitch in hertz, nothing at all, or the devices of a machine. */
export type Hearing = number | undefined | SoundSystem;

export interface ChromiumOptions {
  /** The network namespace that it is in (`/proc/PID/ns/net`); our own where not given. */
  readonly network?: string;
  readonly flags?: readonly string[];
}

/** Starts Chromium. */
export async function launchChromium(
  hearing: Hearing,
  { network, flags = [] }: ChromiumOptions = {},
): Promise<Browser> {
  const machine = typeof hearing === 'object' ? hearing : undefined;
  const microphone =
    typeof hearing !== 'number'
      ? []
      : [
          '--use-fake-device-for-media-stream',
          `--use-file-for-fake-audio-capture=${await beepFile(hearing)}`,
        ];
  return chromium.launch({
    executablePath: join(repo, 'asterisk/lab/bin/chromium'),
    args: [...FLAGS, ...(network === undefined ? [LOOPBACK_FLAG] : []), ...microphone, ...flags],
    ignoreDefaultArgs: machine === undefined ? [] : ['--mute-audio'],
    env: {
      ...process.env,
      ...machine?.environment,
      ...(network === undefined ? {} : { CHROMIUM_NETWORK: network }),
    },
  });
}

const BEEP_SECONDS = 0.4;
const PAUSE_SECONDS = 0.2;

/** A tone that comes and goes: one that stays is noise to the browser, which takes it out of the microphone. */
export function beeps(pitch: number): Sound {
  const { rate, samples } = tone(pitch, BEEP_SECONDS);
  const sound: Sound = { rate, samples: new Float32Array(samples.length + PAUSE_SECONDS * rate) };
  sound.samples.set(samples);
  return sound;
}

async function beepFile(pitch: number): Promise<string> {
  const directory = join(repo, '.handset/test/microphones');
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${pitch}.wav`);
  await writeFile(file, encodeWav(beeps(pitch)));
  return file;
}
