import { EventReader } from './event-reader.ts';

/** What happened, and who may see it. */
export interface LoggedEvent {
  readonly type: string;
  readonly data: unknown;
}

export interface EventLogOptions {
  /**
   * Told when the first reader comes, and some time after the last has left: events cost the gateway.
   * @returns resolves once no event is missed any more
   */
  readonly onWanted: (wanted: boolean) => Promise<void>;
  /** Names this run of the log: an id of another one is not known here. */
  readonly epoch: () => string;
  /** How long nobody may read before events are not wanted any more, in ms. */
  readonly lingerMs?: number;
  /** How often a comment is sent, so that nothing in between takes the connection for dead; in ms. */
  readonly heartbeatMs?: number;
  /** How long one reader may read, in ms; then it is to begin anew. In that, who asks is looked at again. */
  readonly longestReadingMs?: number;
}

export interface Reading {
  /** The id of the last event that the reader has; absent: none. */
  readonly after?: string | undefined;
  readonly wants: (type: string) => boolean;
}

/** As many events are kept for readers that come back. */
const KEPT = 2_000;
/** A reader that went comes back within seconds. */
const LINGER_MS = 60_000;
const HEARTBEAT_MS = 15_000;
const LONGEST_READING_MS = 300_000;
/** Readers at once. */
const MAX_READERS = 100;

/**
 * The events of this process in their order, for any number of readers as server-sent events. Each event has an id,
 * `<epoch>.<number>`; a reader that comes back with one gets what it missed, or `reset` where that is not known: it is
 * then to read the present state anew.
 */
export class EventLog {
  readonly #options: EventLogOptions;
  readonly #readers = new Set<EventReader>();
  #kept: { readonly number: number; readonly type: string; readonly text: string }[] = [];
  #epoch: string;
  #last = 0;
  #wanted = false;
  #ready: Promise<void> = Promise.resolve();
  #linger: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#epoch = options.epoch();
  }

  /** Whether anybody reads, or did just now. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  publish({ type, data }: LoggedEvent): void {
    if (!this.#wanted) return;
    this.#last += 1;
    const text = block({ id: this.#id(), event: type, data: JSON.stringify(data) });
    this.#kept.push({ number: this.#last, type, text });
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const reader of this.#readers) reader.pass(type, text);
  }

  /** Events were lost: all readers are told to read the state anew. */
  reset(): void {
    this.#begin();
    const text = block({ id: this.#id(), event: 'reset', data: '{}' });
    for (const reader of this.#readers) reader.say(text);
  }

  /** @returns a stream of all events from then on; `undefined` where there are too many readers */
  async read({ after, wants }: Reading): Promise<EventReader | undefined> {
    if (this.#readers.size >= MAX_READERS) return undefined;
    const reader = new EventReader(wants, this.#options.longestReadingMs ?? LONGEST_READING_MS);
    reader.once('close', () => this.#left(reader));
    this.#readers.add(reader);
    this.#want();
    await this.#ready;
    // With an id, so that also a reader that saw no event yet can come back.
    reader.say(block({ id: this.#id(), retry: '2000' }));
    if (after !== undefined) this.#replay(reader, after);
    return reader;
  }

  close(): void {
    clearTimeout(this.#linger);
    clearInterval(this.#heartbeat);
    for (const reader of [...this.#readers]) reader.destroy();
  }

  #replay(reader: EventReader, after: string): void {
    const [epoch, number] = after.split('.');
    const seen = Number(number);
    const oldest = this.#kept[0]?.number ?? this.#last + 1;
    const isKnown = epoch === this.#epoch && seen >= oldest - 1 && seen <= this.#last;
    if (!isKnown) reader.say(block({ id: this.#id(), event: 'reset', data: '{}' }));
    else for (const { number, type, text } of this.#kept) if (number > seen) reader.pass(type, text);
  }

  #want(): void {
    clearTimeout(this.#linger);
    if (this.#wanted) return;
    this.#wanted = true;
    this.#heartbeat = setInterval(() => {
      for (const reader of this.#readers) reader.say(':\n\n');
    }, this.#options.heartbeatMs ?? HEARTBEAT_MS);
    this.#ready = this.#options.onWanted(true);
  }

  #left(reader: EventReader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    clearTimeout(this.#linger);
    this.#linger = setTimeout(() => this.#sleep(), this.#options.lingerMs ?? LINGER_MS);
    this.#linger.unref();
  }

  #sleep(): void {
    clearInterval(this.#heartbeat);
    this.#wanted = false;
    this.#begin();
    void this.#options.onWanted(false);
  }

  #begin(): void {
    this.#epoch = this.#options.epoch();
    this.#kept = [];
    this.#last = 0;
  }

  #id(): string {
    return `${this.#epoch}.${this.#last}`;
  }
}

/** One block of the format (WHATWG HTML, section 9.2.6). */
function block(fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  return `${lines.join('')}\n`;
}
