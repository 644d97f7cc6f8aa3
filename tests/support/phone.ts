import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { Listener } from './listener.ts';
import type { Person } from './operator.ts';
import { SipTrace } from './sip-trace.ts';

const IN_PAGE = join(import.meta.dirname, 'in-page', 'listen.js');
/** Milliseconds. */
const SOON = 10_000;

export interface PhoneOptions {
  /** `granted`, `denied`, or `asked`: nobody answers the question, which a browser without a window takes as no. */
  readonly microphone?: 'granted' | 'denied' | 'asked';
  readonly locale?: 'en-US' | 'ko-KR';
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  /** What all of its TCP goes through (see `Relay`). */
  readonly proxy?: { readonly server: string; readonly bypass: string };
  /** Lets the page connect to other origins than its own. */
  readonly bypassCSP?: boolean;
}

/** What the controls are called in other languages than English. */
const NAMES: Readonly<Record<'en-US' | 'ko-KR', Readonly<Record<string, string>>>> = {
  'en-US': {},
  'ko-KR': {
    Login: '아이디',
    Password: '비밀번호',
    Number: '전화번호',
    'Sign in': '로그인',
    'Sign out': '로그아웃',
    Call: '통화',
    'Hang up': '끊기',
    Answer: '받기',
    Decline: '거절',
    Mute: '음소거',
    Unmute: '음소거 해제',
    Hold: '보류',
    Resume: '보류 해제',
    Swap: '통화 전환',
    'Add call': '통화 추가',
    Merge: '통화 합치기',
    Leave: '나가기',
    Drop: '내보내기',
    Transfer: '돌려주기',
    'Complete transfer': '돌려주기 완료',
    'Cancel transfer': '돌려주기 취소',
    'Sound settings': '소리 설정',
  },
};

/** The softphone in a browser of its own profile, used as a person uses it: by what its controls are called. */
export class Phone extends Listener {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly #names: Readonly<Record<string, string>>;
  readonly trace: SipTrace;
  /** Everything that the page wrote to its console, and its uncaught errors. */
  readonly consoleLines: string[] = [];

  private constructor(
    context: BrowserContext,
    page: Page,
    names: Readonly<Record<string, string>>,
    trace: SipTrace,
  ) {
    super();
    this.#names = names;
    this.context = context;
    this.page = page;
    this.trace = trace;
    page.on('console', (message) => this.consoleLines.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.consoleLines.push(`uncaught: ${error.stack ?? error.message}`));
  }

  static async open(browser: Browser, url: string, options: PhoneOptions = {}): Promise<Phone> {
    const { microphone = 'granted', locale = 'en-US', theme = 'light', width = 1280 } = options;
    const { proxy, bypassCSP = false } = options;
    const isFirefox = browser.browserType().name() === 'firefox';
    const context = await browser.newContext({
      locale,
      viewport: { width, height: 800 },
      ...(isFirefox ? {} : { colorScheme: theme, reducedMotion: 'reduce', bypassCSP }),
      ...(proxy === undefined ? {} : { proxy }),
    });
    // In Firefox a preference says yes to all (`firefox.ts`).
    if (microphone !== 'asked' && !isFirefox) {
      await context.grantPermissions(microphone === 'granted' ? ['microphone'] : [], { origin: url });
    }
    await context.addInitScript({ path: IN_PAGE });
    const page = await context.newPage();
    const trace = isFirefox ? await SipTrace.inPage(page) : SipTrace.ofSockets(page);
    const phone = new Phone(context, page, NAMES[locale], trace);
    await phone.page.goto(url);
    return phone;
  }

  /** The same phone in one more tab of the same browser. */
  async openTab(): Promise<Phone> {
    const page = await this.context.newPage();
    const tab = new Phone(this.context, page, this.#names, SipTrace.ofSockets(page));
    await tab.page.goto(this.page.url());
    return tab;
  }

  /** By its English name, whatever the language. */
  button(name: string): Locator {
    return this.page.getByRole('button', { name: this.#names[name] ?? name, exact: true });
  }

  /** One of several calls, by its far end. */
  group(farEnd: string): { button(name: string): Locator } {
    const group = this.page.getByRole('group', { name: farEnd, exact: true });
    return {
      button: (name) => group.getByRole('button', { name: this.#names[name] ?? name, exact: true }),
    };
  }

  field(name: 'Login' | 'Password' | 'Number'): Locator {
    return this.page.getByRole('textbox', { name: this.#names[name] ?? name, exact: true });
  }

  /** Waits until a live region says it. */
  async says(words: string | RegExp, withinMs = SOON): Promise<void> {
    const regions = this.page.getByRole('status');
    await regions
      .filter({ hasText: words })
      .first()
      .waitFor({ timeout: withinMs })
      .catch(async () => {
        const said = await regions.allInnerTexts();
        throw new Error(`the phone does not say ${words} within ${withinMs} ms but: ${said.join(' | ')}`);
      });
  }

  async signIn(person: Pick<Person, 'login' | 'password'>): Promise<void> {
    await this.field('Login').fill(person.login);
    await this.field('Password').fill(person.password);
    await this.button('Sign in').click();
  }

  async call(number: string): Promise<void> {
    await this.field('Number').fill(number);
    await this.button('Call').click();
  }

  /** Sets that a call that comes in while two are up waits, in place of being answered busy. */
  async letsThirdCallsWait(): Promise<void> {
    await this.page.getByText('Settings').click();
    const setting = this.page.getByRole('combobox', { name: 'A call that comes in while two are up' });
    await setting.selectOption({ label: 'waits to be answered' });
  }

  /** Calls another number while a call is up. */
  async addCall(number: string): Promise<void> {
    await this.button('Add call').click();
    await this.call(number);
  }

  /** Copies a text from another place of the page and pastes it, with the focus nowhere in particular. */
  async paste(text: string): Promise<void> {
    const { keyboard } = this.page;
    await this.page.evaluate(`{
      const elsewhere = document.body.appendChild(document.createElement('textarea'));
      elsewhere.value = ${JSON.stringify(text)};
      elsewhere.select();
      elsewhere.focus();
    }`);
    await keyboard.press('Control+C');
    await this.page.evaluate(`document.querySelector('body > textarea').remove()`);
    await keyboard.press('Control+V');
  }

  async answer(): Promise<void> {
    await this.button('Answer').click();
  }

  async hangUp(): Promise<void> {
    await this.button('Hang up').click();
  }

  /** What the panel beside the phone says of the pair of addresses that carries the sound, once it says something. */
  pairInUse(): Promise<string> {
    return this.#fact('Pair in use');
  }

  /** What that panel says of the packets of sound so far. */
  async packets(): Promise<{ readonly received: number; readonly lost: number }> {
    const said = await this.#fact('Packets');
    const [, received, lost] = said.split(',').map((part) => Number.parseInt(part, 10));
    return { received: received ?? 0, lost: lost ?? 0 };
  }

  /** Loads the page anew, as one that may only be relayed: by those of the TURN addresses that it is given which have `by` in them. */
  async onlyRelayed(by = ''): Promise<void> {
    const content = `(() => {
      const real = globalThis.fetch;
      globalThis.fetch = async (...request) => {
        const response = await real(...request);
        if (!response.ok || !response.url.endsWith('/v1/phone-config')) return response;
        const config = await response.json();
        const isIt = (url) => url.startsWith('turn') && url.includes(${JSON.stringify(by)});
        const iceServers = config.iceServers
          .map((server) => ({ ...server, urls: server.urls.filter(isIt) }))
          .filter(({ urls }) => urls.length > 0);
        const changed = JSON.stringify({ ...config, iceServers, iceTransportPolicy: 'relay' });
        return new Response(changed, { status: response.status, headers: response.headers });
      };
    })()`;
    await this.page.addInitScript({ content });
    await this.page.reload();
  }

  /** When the phone last became ready, in milliseconds since the epoch. */
  async readyAt(): Promise<number> {
    const moment = `performance.getEntriesByName('handset:ready').at(-1).startTime + performance.timeOrigin`;
    return z.number().parse(await this.page.evaluate(moment));
  }

  #fact(name: string): Promise<string> {
    const fact = this.page.locator('dl div').filter({ has: this.page.getByText(name, { exact: true }) });
    return fact.locator('dd').innerText({ timeout: SOON });
  }
}
