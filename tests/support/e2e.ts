import { env } from 'node:process';
import type { Browser } from 'playwright-core';
import { test as base } from 'vitest';
import { AsteriskConsole, Carrier } from './asterisk.ts';
import { type ChromiumOptions, launchChromium } from './chromium.ts';
import { keepEvidence, markLogs, wordsOf } from './evidence.ts';
import { launchFirefox } from './firefox.ts';
import { labOfThisFile } from './lab-of-this-file.ts';
import { Operator, type Person } from './operator.ts';
import { Phone, type PhoneOptions } from './phone.ts';
import { Relay } from './relay.ts';
import { SoundSystem } from './sound-system.ts';

/** Pitches of the two browsers' microphones, in hertz; neither is a multiple of the other, nor of the carrier's 1004. */
export const FIRST_PITCH = 620;
export const SECOND_PITCH = 1_480;
/** Pitch of the tone that the carrier's 0101 answers with, in hertz. */
export const MILLIWATT_HERTZ = 1_004;

type WhichBrowser = 'first' | 'second' | 'without microphone';

interface WhereItRuns {
  readonly browser?: WhichBrowser;
  /** A browser of its own on a machine with these sound devices, in place of `browser`. */
  readonly machine?: SoundSystem;
}

const PITCHES: Readonly<Record<WhichBrowser, number | undefined>> = {
  first: FIRST_PITCH,
  second: SECOND_PITCH,
  'without microphone': undefined,
};

/** Which browser this run is for: the tests of the project `firefox` are some of those of `e2e`. */
export const engine = env.HANDSET_BROWSER === 'firefox' ? 'firefox' : 'chromium';

/** The browsers, each started when a test first asks for it, and shared by the tests of a file. */
export class Browsers {
  readonly #running = new Map<WhichBrowser, Promise<Browser>>();
  readonly #options: ChromiumOptions;

  constructor(options: ChromiumOptions = {}) {
    this.#options = options;
  }

  get(which: WhichBrowser): Promise<Browser> {
    const browser = this.#running.get(which) ?? this.#launch(PITCHES[which]);
    this.#running.set(which, browser);
    return browser;
  }

  #launch(pitch: number | undefined): Promise<Browser> {
    return engine === 'firefox' ? launchFirefox(pitch) : launchChromium(pitch, this.#options);
  }

  async close(): Promise<void> {
    for (const browser of this.#running.values()) await (await browser).close();
  }
}

/**
 * Tests in real browsers against a real lab: `open` gives a phone in a fresh profile, `signedIn` one that is
 * ready, `operator` makes people, `carrier` is the telephone network. A test that fails leaves evidence and
 * says where.
 */
export const test = base
  .extend('lab', { scope: 'worker' }, () => labOfThisFile())
  .extend('operator', { scope: 'worker' }, ({ lab }) => new Operator(lab))
  .extend('carrier', { scope: 'worker' }, ({ lab }) => new Carrier(lab.data))
  .extend('gateway', { scope: 'worker' }, ({ lab }) => new AsteriskConsole(lab.data, 'gateway'))
  .extend('browsers', { scope: 'file' }, ({ lab: _ }, { onCleanup }) => {
    const browsers = new Browsers();
    onCleanup(() => browsers.close());
    return browsers;
  })
  .extend('open', async ({ lab, browsers, task }, { onCleanup }) => {
    const phones: Phone[] = [];
    const own: Browser[] = [];
    const logsBefore = await markLogs(lab.data);
    onCleanup(async () => {
      if (task.result?.state === 'fail') {
        const directory = await keepEvidence(task.name, phones, lab.data, logsBefore);
        const words = await Promise.all(phones.map(wordsOf));
        const lines = words.map((each, i) => `  Phone ${i + 1} ${each}\n`);
        process.stderr.write(
          `\n${task.name}: what the failed test left is in\n  ${directory}\n${lines.join('')}`,
        );
      }
      await Promise.all(phones.map((phone) => phone.context.close()));
      await Promise.all(own.map((browser) => browser.close()));
    });
    return async (options: PhoneOptions & WhereItRuns = {}): Promise<Phone> => {
      const { machine } = options;
      const browser = await (machine ? launchChromium(machine) : browsers.get(options.browser ?? 'first'));
      if (machine) own.push(browser);
      const phone = await Phone.open(browser, lab.url, options);
      phones.push(phone);
      return phone;
    };
  })
  .extend('machine', async ({ lab: _ }, { onCleanup }) => {
    const machine = await SoundSystem.start();
    onCleanup(() => machine.stop());
    return machine;
  })
  .extend('relay', async ({ lab: _ }, { onCleanup }) => {
    const relay = await Relay.start();
    onCleanup(() => relay.close());
    return relay;
  })
  .extend('signedIn', ({ operator, open }) => {
    return async (options: Parameters<typeof open>[0] & Parameters<Operator['addPerson']>[0] = {}) => {
      const [person, phone] = await Promise.all([operator.addPerson(options), open(options)]);
      await phone.signIn(person);
      await phone.says(READY[options.locale ?? 'en-US']);
      return { person, phone };
    };
  })
  .extend('alsoSignedIn', ({ open }) => {
    /** One more phone of a person, in another browser, ready. */
    return async (person: Person) => {
      const phone = await open({ browser: 'second' });
      await phone.signIn(person);
      await phone.says(READY['en-US']);
      return phone;
    };
  })
  .extend('hearingTone', ({ signedIn }) => {
    /** Signed in, and in a call with the carrier's tone, which is heard. */
    return async (options: Parameters<typeof signedIn>[0] = {}) => {
      const { person, phone } = await signedIn(options);
      await phone.call('+1 202 555 0101');
      await phone.hears(MILLIWATT_HERTZ);
      return { person, phone };
    };
  });

const READY = { 'en-US': 'Ready', 'ko-KR': '준비됨' } as const;
