import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { mounts } from '../../asterisk/lab/configuration.ts';
import { asteriskConsole, insideRoot } from '../../asterisk/lab/parts.ts';
import { TuneListener } from './hold-music.ts';
import type { Phone } from './phone.ts';
import { findPitch, isMixOf, longestGap, MIX_SECONDS } from './pitch.ts';
import { until } from './until.ts';
import { decodeWav, type Sound } from './wav.ts';

const run = promisify(execFile);

/** The console of one of the lab's two Asterisks. */
export class AsteriskConsole {
  readonly data: string;
  readonly part: 'gateway' | 'pstn';

  /** @param data directory of the lab */
  constructor(data: string, part: 'gateway' | 'pstn') {
    this.data = data;
    this.part = part;
  }

  /** What the console answers to a command. */
  async run(command: string): Promise<string> {
    const program = insideRoot(this.data, asteriskConsole(this.part, command));
    return (await run(program.command, program.args)).stdout;
  }

  /** The channel of a phone's only call. */
  async channelOf(phone: Phone): Promise<Channel> {
    const [register] = phone.trace.sent(/^REGISTER /).slice(-1);
    const credential = /^Contact: <sip:([^@]+)@/m.exec(register?.text ?? '')?.[1];
    return until('the channel of the phone at the gateway', async () =>
      (await this.channels()).find(({ name }) => name.startsWith(`PJSIP/${credential}-`)),
    );
  }

  /** The channels that are up, each as its fields. */
  async channels(): Promise<readonly Channel[]> {
    const lines = (await this.run('core show channels concise')).split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const fields = line.split('!');
      return { name: fields[0] ?? '', bridge: fields.at(-2) ?? '', line };
    });
  }
}

export interface Channel {
  readonly name: string;
  /** What connects it with others; empty where nothing does. */
  readonly bridge: string;
  /** All of it, as the console gives it. */
  readonly line: string;
}

/** The simulated carrier, as somebody with a telephone out there. */
export class Carrier {
  readonly #console: AsteriskConsole;

  constructor(data: string) {
    this.#console = new AsteriskConsole(data, 'pstn');
  }

  /**
   * Calls a number, as `npm run ring` does.
   * @param then what the called person hears: a greeting and then an echo, or the 1004 Hz tone
   */
  async call(number: string, then: 'talk' | 'tone' = 'talk', from = '+12025550199'): Promise<void> {
    await this.#console.run(`channel originate Local/${number}*${from}@ring/n extension s@${then}`);
  }

  /** Lets a telephone out there, in its call with `number`, play the 1004 Hz tone instead of what it did. */
  async playsTone(number: string): Promise<void> {
    const [channel] = await this.#channelsOf(number);
    await this.#console.run(`channel redirect ${channel.name} tone,s,1`);
  }

  /** Lets a telephone out there, in its call with `number`, press a key instead of what it did. */
  async pressesKey(number: string, key: string): Promise<void> {
    const [channel] = await this.#channelsOf(number);
    await this.#console.run(`channel redirect ${channel.name} key,${key},1`);
  }

  /** Hangs up the call with a number, answered or not. */
  async hangUp(number: string): Promise<void> {
    const [channel] = await this.#channelsOf(number);
    await this.#console.run(`channel request hangup ${channel.name}`);
  }

  /**
   * Listens to what a telephone out there receives in its call with `number`, until it is a tone of that pitch
   * (within `tolerance` hertz).
   * @param dialled which of several calls with `number` is meant
   */
  async hears(number: string, hertz: number, dialled = '', tolerance = 10): Promise<void> {
    const isIt = (pitch: number) => Math.abs(pitch - hertz) <= tolerance;
    await this.#listen(`${hertz} Hz`, number, dialled, (pitches) => pitches.some(isIt));
  }

  /** Listens to what a telephone out there receives until it is the lab's music on hold. */
  async hearsHoldMusic(number: string, dialled = ''): Promise<void> {
    const tune = new TuneListener();
    await this.#listen('music on hold', number, dialled, (pitches) => {
      for (const pitch of pitches) tune.take(pitch);
      return tune.heard;
    });
  }

  /** The same, until it is a mix of tones of these pitches. */
  async hearsMixOf(number: string, pitches: readonly number[], dialled = ''): Promise<void> {
    const judge = (_: unknown, sounds: readonly Sound[]) => sounds.some((sound) => isMixOf(sound, pitches));
    await this.#listen(`a mix of ${pitches} Hz`, number, dialled, judge, MIX_SECONDS);
  }

  /** @param judge is given the pitches of what came in since it was last asked, and what it was */
  async #listen(
    what: string,
    number: string,
    dialled: string,
    judge: (pitches: readonly number[], sounds: readonly Sound[]) => boolean,
    seconds = SPAN_SECONDS,
  ): Promise<void> {
    const host = await this.#record(number, dialled);
    const heard = new Set<number>();
    let spans = 0;
    await until(`${what} at the far end of the call with ${number}`, async () => {
      const news = spansOf(await readFile(host).catch(() => undefined), seconds).slice(spans);
      spans += news.length;
      const pitches = news.map(pitchOf).filter((pitch) => pitch !== undefined);
      for (const pitch of pitches) heard.add(pitch);
      return judge(pitches, news) || undefined;
    }).catch((cause) => {
      throw new Error(`${cause.message}; pitches heard: ${[...heard].join(', ') || 'nothing'}`);
    });
  }

  /**
   * Records what a telephone out there receives in its call with `number`, from now on for `seconds`, while a tone of
   * that pitch should not stop.
   * @returns resolves, once the recording has begun, to what gives the longest gap in the tone, in ms
   */
  async listenForGaps(number: string, hertz: number, seconds: number): Promise<() => Promise<number>> {
    const host = await this.#record(number, '');
    const enough = async () => {
      const wav = await readFile(host).catch(() => undefined);
      if (wav === undefined || wav.length < 100) return undefined;
      const { rate, samples } = decodeWav(wav);
      return samples.length < seconds * rate ? undefined : { rate, samples };
    };
    return async () => {
      const what = `${seconds} s of sound at the far end of the call with ${number}`;
      return longestGap(await until(what, enough, 2_000 * seconds), hertz);
    };
  }

  /** @returns the file that grows with what a telephone out there receives in its call with `number` */
  async #record(number: string, dialled: string): Promise<string> {
    const channels = await this.#channelsOf(number, dialled);
    const channel = channels.find(({ name }) => name.startsWith('PJSIP/'))?.name;
    const file = `heard-${randomBytes(6).toString('hex')}`;
    const directory = `${mounts.data}/spool/pstn`;
    await this.#console.run(
      `mixmonitor start ${channel} ${directory}/${file}-both.wav,r(${directory}/${file}.wav)`,
    );
    return join(this.#console.data, 'spool/pstn', `${file}.wav`);
  }

  /**
   * The keys that a telephone out there receives in its call with `number`, in their order, while `press` presses
   * them and until there are `count`.
   */
  async keysReceived(
    number: string,
    count: number,
    press: () => Promise<void>,
    dialled = '',
  ): Promise<string> {
    const channels = await this.#channelsOf(number, dialled);
    const channel = channels.find(({ name }) => name.startsWith('PJSIP/'))?.name;
    const log = `keys-${randomBytes(6).toString('hex')}`;
    await this.#console.run(`logger add channel ${log} dtmf`);
    await press();
    const directory = join(this.#console.data, 'log/pstn');
    return until(`${count} keys at the far end of the call with ${number}`, async () => {
      const file = (await readdir(directory)).find((name) => name.startsWith(log));
      const text = file === undefined ? '' : await readFile(join(directory, file), 'utf8');
      const ends = [...text.matchAll(/DTMF end '(.)' received on (\S+),/g)];
      const keys = ends.filter(([, , on]) => on === channel).map(([, key]) => key);
      return keys.length >= count ? keys.join('') : undefined;
    });
  }

  /** How many channels of the carrier have to do with `number`. */
  async callsWith(number: string): Promise<number> {
    return (await this.#findChannels(number)).length;
  }

  /** Resolves once no call with `number` is up. */
  async isFreeOf(number: string, withinMs?: number): Promise<void> {
    const isFree = async () => (await this.#findChannels(number)).length === 0 || undefined;
    await until(`the end of all calls with ${number} at the carrier`, isFree, withinMs);
  }

  /** @param dialled which of several calls with `number` is meant */
  #channelsOf(number: string, dialled = ''): Promise<[Channel, ...Channel[]]> {
    return until(`a call with ${number} ${dialled} at the carrier`, async () => {
      const found = await this.#findChannels(number);
      const [first, ...rest] = found.filter(({ line }) => line.includes(dialled));
      return first === undefined ? undefined : [first, ...rest];
    });
  }

  /** The channels that name a number, and those that are connected with them. */
  async #findChannels(number: string): Promise<readonly Channel[]> {
    const all = await this.#console.channels();
    const naming = all.filter(({ line }) => line.includes(number));
    const bridges = new Set(naming.map(({ bridge }) => bridge).filter((bridge) => bridge !== ''));
    return all.filter((channel) => naming.includes(channel) || bridges.has(channel.bridge));
  }
}

const SPAN_SECONDS = 0.2;
const LEAST_SHARE = 0.8;

/** The sound in a recording that may still grow, in pieces long enough to have a pitch. */
function spansOf(wav: Buffer | undefined, seconds: number): Sound[] {
  if (wav === undefined || wav.length < 100) return [];
  const { rate, samples } = decodeWav(wav);
  const span = Math.round(seconds * rate);
  const spans: Sound[] = [];
  for (let at = 0; at + span <= samples.length; at += span)
    spans.push({ rate, samples: samples.subarray(at, at + span) });
  return spans;
}

function pitchOf(sound: Sound): number | undefined {
  const pitch = findPitch(sound);
  return pitch !== undefined && pitch.share >= LEAST_SHARE ? Math.round(pitch.hertz) : undefined;
}
