import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Phone } from '../call/phone.ts';
import { ProvisioningError } from '../call/provisioning-port.ts';
import { FakeWorld } from '../call/testing.ts';
import { SharedPhone, type TabMessage, type TabsPort } from './shared-phone.ts';

/** A browser with some tabs: its one lock, its channel, and their end. */
class FakeBrowser {
  readonly #tabs: FakeTab[] = [];
  readonly #queue: (() => void)[] = [];
  #leader: FakeTab | undefined;

  open(): FakeTab {
    const tab = new FakeTab(this);
    this.#tabs.push(tab);
    return tab;
  }

  take(tab: FakeTab): boolean {
    this.#leader ??= tab;
    return this.#leader === tab;
  }

  wait(tab: FakeTab): Promise<void> {
    return new Promise((resolve) => {
      this.#queue.push(() => {
        this.#leader = tab;
        resolve();
      });
    });
  }

  broadcast(from: FakeTab, message: TabMessage): void {
    for (const tab of this.#tabs) if (tab !== from) tab.hear(structuredClone(message));
  }

  close(tab: FakeTab): void {
    this.#tabs.splice(this.#tabs.indexOf(tab), 1);
    if (this.#leader !== tab) return;
    this.#leader = undefined;
    this.#queue.shift()?.();
  }
}

class FakeTab implements TabsPort {
  readonly #browser: FakeBrowser;
  readonly world = new FakeWorld();
  readonly phone: Phone;
  #listener: (message: TabMessage) => void = () => {};
  #leave: () => void = () => {};
  mayLeave: () => boolean = () => true;

  constructor(browser: FakeBrowser) {
    this.#browser = browser;
    this.phone = new SharedPhone(new Phone(this.world), this, this.world.provisioning).face;
  }

  async leadIfFree(): Promise<boolean> {
    return this.#browser.take(this);
  }
  leadNext(): Promise<void> {
    return this.#browser.wait(this);
  }
  send(message: TabMessage): void {
    this.#browser.broadcast(this, message);
  }
  onMessage(listener: (message: TabMessage) => void): void {
    this.#listener = listener;
  }
  askBeforeLeaving(mayLeave: () => boolean): void {
    this.mayLeave = mayLeave;
  }
  onLeave(listener: () => void): void {
    this.#leave = listener;
  }
  hear(message: TabMessage): void {
    this.#listener(message);
  }
  close(): void {
    this.#leave();
    this.#browser.close(this);
  }
}

let browser: FakeBrowser;
let first: FakeTab;
let second: FakeTab;

/** After all that the tabs have to tell each other. */
const told = () => vi.advanceTimersByTimeAsync(1);

beforeEach(async () => {
  vi.useFakeTimers();
  browser = new FakeBrowser();
  first = browser.open();
  await first.phone.start();
  first.world.line?.connection('ready', true);
  second = browser.open();
  await second.phone.start();
  await told();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a second tab', () => {
  test('shows the phone of the first, and has no line of its own', () => {
    expect(second.phone.snapshot.connection.status).toBe('ready');
    expect(second.phone.snapshot.user?.login).toBe('ada');
    expect(second.world.line).toBeUndefined();
    expect(second.phone.calls).toEqual([]);
  });

  test('is told of what changes', async () => {
    const changes = vi.fn();
    second.phone.subscribe(changes);
    first.phone.call('1002');
    await told();
    expect(second.phone.snapshot.calls).toEqual(first.phone.snapshot.calls);
    expect(changes).toHaveBeenCalled();
  });

  test('has the first do what it is asked for', async () => {
    second.phone.call('1002');
    expect(first.world.log).toContain('invite 1002');
    await told();
    second.phone.hangUp(second.phone.snapshot.calls[0]?.id ?? '');
    expect(first.world.legs[0]?.log).toEqual(['hang-up']);
    expect(second.world.legs).toEqual([]);
  });

  test('leads when the first is gone, shows what that one showed until then, and takes its calls over', async () => {
    first.phone.call('1002');
    first.world.legs[0]?.listener?.answered();
    await told();
    second.world.memory.calls = first.world.memory.calls;
    first.close();
    expect(second.phone.snapshot.calls[0]?.status).toBe('established');
    await told();
    second.world.line?.connection('ready', false);
    expect(second.world.log).toContain('take-over call-id');
    expect(second.phone.calls).toHaveLength(1);
  });

  test('signs the browser in, and keeps the password to itself', async () => {
    first.world.signedIn = new ProvisioningError('signed-out');
    await first.phone.signOut();
    await told();
    expect(second.phone.snapshot.session).toBe('signed-out');
    const sent = vi.spyOn(second, 'send');
    first.world.signedIn = second.world.signedIn;
    await second.phone.signIn('ada', 'secret');
    await told();
    expect(second.world.log).toContain('sign-in ada');
    expect(JSON.stringify(sent.mock.calls)).not.toContain('secret');
    expect(first.phone.snapshot.session).toBe('signed-in');
    expect(second.phone.snapshot.session).toBe('signed-in');
  });

  test('says why a sign-in in it failed', async () => {
    first.world.signedIn = new ProvisioningError('signed-out');
    await first.phone.signOut();
    await told();
    second.world.provisioning.signIn = async () => {
      throw new ProvisioningError('wrong-credentials');
    };
    await second.phone.signIn('ada', 'wrong');
    expect(second.phone.snapshot).toMatchObject({ session: 'signed-out', fault: 'wrong-credentials' });
  });
});

describe('whether a tab may be closed without a question', () => {
  test('with a call up it may while another tab is there', () => {
    first.phone.call('1002');
    expect(first.mayLeave()).toBe(true);
    second.close();
    expect(first.mayLeave()).toBe(false);
  });

  test('without a call, or without the phone, it may', () => {
    expect(second.mayLeave()).toBe(true);
    second.close();
    expect(first.mayLeave()).toBe(true);
  });

  test('a new leader knows who else is there', async () => {
    const third = browser.open();
    await third.phone.start();
    first.close();
    await told();
    second.world.line?.connection('ready', false);
    second.phone.call('1002');
    expect(second.mayLeave()).toBe(true);
    third.close();
    expect(second.mayLeave()).toBe(false);
  });
});
