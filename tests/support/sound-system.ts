import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dyingWithUs } from '../../asterisk/lab/install/run.ts';
import { repo, soundRootDirectory } from '../../asterisk/lab/places.ts';
import { beeps } from './chromium.ts';
import { findPitch } from './pitch.ts';
import { until } from './until.ts';
import type { Sound } from './wav.ts';

const RATE = 48_000;
const LISTENING_SECONDS = 0.2;
const LEAST_SHARE = 0.7;
const FORMAT = ['--raw', '--format=s16le', `--rate=${RATE}`, '--channels=1'];

/**
 * A machine's sound devices: a PulseAudio of the tests' own, in which microphones and loudspeakers are plugged
 * and unplugged while a browser runs. A microphone hears a pitch; what a loudspeaker plays can be listened to.
 */
export class SoundSystem {
  readonly #directory: string;
  readonly #server: ChildProcess;
  readonly #players: ChildProcess[] = [];
  /** PulseAudio's number of each device that is plugged in. */
  readonly #plugged = new Map<string, string>();

  private constructor(directory: string, server: ChildProcess) {
    this.#directory = directory;
    this.#server = server;
  }

  static async start(): Promise<SoundSystem> {
    const directory = await mkdtemp(join(tmpdir(), 'handset-sound-'));
    const script = join(directory, 'start.pa');
    const socket = join(directory, 'native');
    await writeFile(script, `load-module module-native-protocol-unix socket=${socket} auth-anonymous=1\n`);
    const options = ['-n', '-F', script, '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no'];
    const { command, args } = inside(directory, ['pulseaudio', ...options, '--disable-shm']);
    const server = spawn(command, args, { env: environment(directory), stdio: 'ignore' });
    const system = new SoundSystem(directory, server);
    await until('PulseAudio to answer', () =>
      system.#control('info').then(
        () => true,
        () => undefined,
      ),
    );
    return system;
  }

  /** For the browser that is to have these devices. */
  get environment(): Readonly<Record<string, string>> {
    return { PULSE_SERVER: `unix:${join(this.#directory, 'native')}` };
  }

  /** Plugs in a microphone that hears beeps of a pitch. What its name is, the browser shows. */
  async plugMicrophone(name: string, hertz: number): Promise<void> {
    const place = `hears_${name}`;
    await this.#control(
      'load-module',
      'module-null-sink',
      `sink_name=${place}`,
      `rate=${RATE}`,
      'channels=1',
    );
    this.#beep(place, hertz);
    await this.replug(name);
  }

  /** Plugs a microphone in again. */
  async replug(name: string): Promise<void> {
    const source = [`source_name=${name}`, `master=hears_${name}.monitor`];
    await this.#plug(name, 'module-remap-source', ...source, `source_properties=device.description=${name}`);
  }

  async plugSpeaker(name: string): Promise<void> {
    const sink = [`sink_name=${name}`, `rate=${RATE}`, 'channels=1'];
    await this.#plug(name, 'module-null-sink', ...sink, `sink_properties=device.description=${name}`);
  }

  async unplug(name: string): Promise<void> {
    await this.#control('unload-module', this.#plugged.get(name) ?? '');
    this.#plugged.delete(name);
  }

  /** Makes devices the system's default. */
  async preferByDefault({ speaker, microphone }: { speaker: string; microphone: string }): Promise<void> {
    await this.#control('set-default-sink', speaker);
    await this.#control('set-default-source', microphone);
  }

  /** Listens to what a loudspeaker plays until it is a tone of that pitch (within `tolerance` hertz). */
  async plays(speaker: string, hertz: number, tolerance = 10): Promise<void> {
    await this.#listen(speaker, `a tone of ${hertz} Hz`, (sound) => {
      const pitch = findPitch(sound);
      return pitch !== undefined && pitch.share >= LEAST_SHARE && Math.abs(pitch.hertz - hertz) <= tolerance;
    });
  }

  /** Listens to a loudspeaker until it plays anything. */
  async playsSomething(speaker: string): Promise<void> {
    await this.#listen(speaker, 'anything', (sound) => findPitch(sound) !== undefined);
  }

  /** Listens to a loudspeaker until it is silent. */
  async isSilent(speaker: string): Promise<void> {
    await this.#listen(speaker, 'silence', (sound) => findPitch(sound) === undefined);
  }

  /** Listens to a loudspeaker for `seconds`, in which it must not play anything. */
  async staysSilent(speaker: string, seconds: number): Promise<void> {
    let spans = 0;
    let sounds = 0;
    await this.#listen(speaker, `${seconds} s`, (sound) => {
      spans += 1;
      if (findPitch(sound) !== undefined) sounds += 1;
      return spans * LISTENING_SECONDS >= seconds;
    });
    if (sounds > 0) throw new Error(`${speaker} plays a sound`);
  }

  async stop(): Promise<void> {
    for (const process of [...this.#players, this.#server]) {
      process.kill();
      if (process.exitCode === null && process.signalCode === null) await once(process, 'exit');
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #plug(name: string, ...module: string[]): Promise<void> {
    this.#plugged.set(name, (await this.#control('load-module', ...module)).trim());
  }

  #beep(sink: string, hertz: number): void {
    const sound = toBytes(beeps(hertz));
    const player = this.#spawn(['pacat', '--playback', `--device=${sink}`, ...FORMAT]);
    const { stdin } = player;
    if (stdin === null) throw new Error('pacat has no input');
    // Its end breaks the pipe.
    stdin.on('error', () => undefined);
    const fill = () => {
      while (stdin.write(sound));
    };
    stdin.on('drain', fill);
    fill();
  }

  async #listen(speaker: string, what: string, judge: (sound: Sound) => boolean): Promise<void> {
    const recorder = this.#spawn(['parec', `--device=${speaker}.monitor`, '--latency-msec=50', ...FORMAT]);
    let heard = Buffer.alloc(0);
    recorder.stdout?.on('data', (data: Buffer) => {
      heard = Buffer.concat([heard, data]);
    });
    const span = LISTENING_SECONDS * RATE * 2;
    try {
      await until(`${what} from ${speaker}`, () => {
        const done = heard.length >= span && judge(fromBytes(heard.subarray(0, span)));
        if (heard.length >= span) heard = heard.subarray(span);
        return done || undefined;
      });
    } finally {
      recorder.kill();
    }
  }

  #spawn(command: readonly string[]): ChildProcess {
    const program = inside(this.#directory, command);
    const child = spawn(program.command, program.args, {
      env: { ...environment(this.#directory), ...this.environment },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#players.push(child);
    return child;
  }

  async #control(...words: string[]): Promise<string> {
    const { command, args } = inside(this.#directory, ['pactl', ...words]);
    const env = { ...environment(this.#directory), ...this.environment };
    return (await promisify(execFile)(command, args, { env })).stdout;
  }
}

function inside(directory: string, [program = '', ...args]: readonly string[]) {
  const enter = join(repo, 'asterisk/lab/enter.sh');
  return dyingWithUs([
    '/bin/sh',
    enter,
    soundRootDirectory,
    directory,
    directory,
    `/usr/bin/${program}`,
    ...args,
  ]);
}

function environment(directory: string): NodeJS.ProcessEnv {
  return { ...process.env, HOME: directory, XDG_RUNTIME_DIR: directory, XDG_CONFIG_HOME: directory };
}

function toBytes({ samples }: Sound): Buffer {
  return Buffer.from(Int16Array.from(samples, (sample) => sample * 32_767).buffer);
}

function fromBytes(bytes: Buffer): Sound {
  const samples = Float32Array.from(
    { length: bytes.length / 2 },
    (_, i) => bytes.readInt16LE(2 * i) / 32_768,
  );
  return { rate: RATE, samples };
}
