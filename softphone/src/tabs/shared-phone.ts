import { isAlive } from '../call/call-state.ts';
import type { Phone } from '../call/phone.ts';
import { ProvisioningError, type ProvisioningPort } from '../call/provisioning-port.ts';
import type { PhoneSnapshot } from '../call/snapshot.ts';

/** How a tab meets the others of its origin. */
export interface TabsPort {
  /** @returns whether this tab leads, at once */
  leadIfFree(): Promise<boolean>;
  /** Resolves when this tab's turn has come to lead. */
  leadNext(): Promise<void>;
  send(message: TabMessage): void;
  onMessage(listener: (message: TabMessage) => void): void;
  /** Asks the person, before the page goes, whether it may. */
  askBeforeLeaving(mayLeave: () => boolean): void;
  onLeave(listener: () => void): void;
}

export type TabMessage =
  /** The one who leads now asks who else there is. */
  | { readonly type: 'roll-call' }
  | { readonly type: 'here' | 'gone'; readonly tab: string }
  | { readonly type: 'snapshot'; readonly snapshot: PhoneSnapshot }
  /** Something that the person wants, in a tab that does not lead. */
  | { readonly type: 'command'; readonly name: string; readonly args: readonly unknown[] }
  | { readonly type: 'signed-in' };

/** What each tab does for itself; all else that is asked of a phone is the leader's to do. */
const OWN: ReadonlySet<PropertyKey> = new Set<keyof Phone>(['allowMicrophone', 'playKey']);

/**
 * One telephone in several tabs. One of them leads: it has the connection, the calls and their sound. The others show
 * what it shows and pass on to it what is asked of them. When it goes, the next one leads and takes its calls over.
 */
export class SharedPhone {
  readonly #phone: Phone;
  readonly #tabs: TabsPort;
  readonly #provisioning: Pick<ProvisioningPort, 'signIn'>;
  readonly #listeners = new Set<() => void>();
  readonly #tab = crypto.randomUUID();
  readonly #others = new Set<string>();
  #leads = false;
  #toldLater = false;
  /** What the leader last showed. */
  #shown: PhoneSnapshot | undefined;
  /** What is the case in this tab alone, while somebody signs in here. */
  #signingIn: Pick<PhoneSnapshot, 'session' | 'fault'> | undefined;

  constructor(phone: Phone, tabs: TabsPort, provisioning: Pick<ProvisioningPort, 'signIn'>) {
    this.#phone = phone;
    this.#tabs = tabs;
    this.#provisioning = provisioning;
    phone.subscribe(() => this.#phoneChanged());
    tabs.onMessage((message) => this.#take(message));
    tabs.askBeforeLeaving(() => this.#mayLeave());
    tabs.onLeave(() => tabs.send({ type: 'gone', tab: this.#tab }));
  }

  /** The same phone to whoever uses it, in whichever tab. Without the lead it has no live calls (`calls`). */
  get face(): Phone {
    const replaced: Partial<Record<PropertyKey, unknown>> = {
      start: () => this.#start(),
      subscribe: (listener: () => void) => this.#subscribe(listener),
      signIn: (login: string, password: string) => this.#signIn(login, password),
    };
    return new Proxy(this.#phone, {
      get: (phone, name) => {
        if (name in replaced) return replaced[name];
        if (name === 'snapshot') return this.#snapshot;
        if (name === 'calls') return this.#leads ? phone.calls : [];
        const value: unknown = Reflect.get(phone, name, phone);
        if (typeof value !== 'function') return value;
        if (this.#leads || OWN.has(name)) return value.bind(phone);
        return (...args: readonly unknown[]) =>
          this.#tabs.send({ type: 'command', name: String(name), args });
      },
    });
  }

  get #snapshot(): PhoneSnapshot {
    const own = this.#phone.snapshot;
    // Whoever has just begun to lead shows what was there until it knows itself.
    if (this.#leads && own.session !== 'unknown') return own;
    return { ...(this.#shown ?? own), ...this.#signingIn };
  }

  #subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #start(): Promise<void> {
    if (await this.#tabs.leadIfFree()) return this.#lead();
    this.#tabs.send({ type: 'here', tab: this.#tab });
    void this.#tabs.leadNext().then(() => this.#lead());
  }

  #lead(): Promise<void> {
    this.#leads = true;
    this.#signingIn = undefined;
    this.#tabs.send({ type: 'roll-call' });
    return this.#phone.start();
  }

  /** Signed in here, the whole browser is. The password goes to no other tab. */
  async #signIn(login: string, password: string): Promise<void> {
    if (this.#leads) return this.#phone.signIn(login, password);
    this.#showSigningIn({ session: 'signing-in' });
    try {
      await this.#provisioning.signIn(login, password);
      this.#tabs.send({ type: 'signed-in' });
    } catch (error) {
      if (!(error instanceof ProvisioningError)) throw error;
      this.#showSigningIn({ session: 'signed-out', fault: error.fault });
    }
  }

  #showSigningIn(state: Pick<PhoneSnapshot, 'session' | 'fault'>): void {
    this.#signingIn = state;
    this.#tell();
  }

  #take(message: TabMessage): void {
    if (this.#leads) this.#takeAsLeader(message);
    else if (message.type === 'roll-call') this.#tabs.send({ type: 'here', tab: this.#tab });
    else if (message.type === 'snapshot') {
      this.#shown = message.snapshot;
      this.#signingIn = undefined;
      this.#tell();
    }
  }

  #takeAsLeader(message: TabMessage): void {
    switch (message.type) {
      case 'here':
        this.#others.add(message.tab);
        this.#show();
        break;
      case 'gone':
        this.#others.delete(message.tab);
        break;
      case 'signed-in':
        void this.#phone.start();
        break;
      case 'command': {
        const command: unknown = Reflect.get(this.#phone, message.name, this.#phone);
        if (typeof command === 'function') command.apply(this.#phone, message.args);
        break;
      }
    }
  }

  #phoneChanged(): void {
    if (!this.#leads) return;
    this.#tell();
    if (this.#others.size === 0 || this.#toldLater) return;
    // Not now: whoever else looks on may not hold up an INVITE.
    this.#toldLater = true;
    setTimeout(() => this.#show());
  }

  #show(): void {
    this.#toldLater = false;
    this.#tabs.send({ type: 'snapshot', snapshot: this.#snapshot });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** A call of the tab that leads goes on in another one. */
  #mayLeave(): boolean {
    return !this.#leads || this.#others.size > 0 || !this.#phone.snapshot.calls.some(isAlive);
  }
}
