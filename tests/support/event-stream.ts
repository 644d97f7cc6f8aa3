import { until } from './until.ts';

/** One event of a stream, as the server sent it. */
export interface StreamedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Reads server-sent events (WHATWG HTML, section 9.2). */
export class EventStream {
  readonly events: StreamedEvent[] = [];
  readonly response: Response;
  /** Resolves when the stream has ended, however. */
  readonly ended: Promise<void>;
  readonly #abort: AbortController;
  #lastId = '';

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.ended = this.#read().catch(() => {});
  }

  /** @param lastId of an earlier stream, to go on there */
  static async open(url: string, key: string, lastId?: string): Promise<EventStream> {
    const abort = new AbortController();
    const headers = {
      authorization: `Bearer ${key}`,
      ...(lastId !== undefined && { 'last-event-id': lastId }),
    };
    const response = await fetch(url, { headers, signal: abort.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const stream = new EventStream(response, abort);
    await until('the first block of the stream', () => stream.lastId || undefined);
    return stream;
  }

  /** The id of the last block. */
  get lastId(): string {
    return this.#lastId;
  }

  /** The first event of a kind that `wanted` holds for, so far or yet to come. */
  next(type: string, wanted: (data: StreamedEvent['data']) => boolean = () => true): Promise<StreamedEvent> {
    return until(`the event ${type}`, () =>
      this.events.find((event) => event.type === type && wanted(event.data)),
    );
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(): Promise<void> {
    let pending = '';
    const decoder = new TextDecoder();
    for await (const piece of this.response.body ?? []) {
      const blocks = (pending + decoder.decode(piece, { stream: true })).split('\n\n');
      pending = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
    const id = fields.get('id') ?? this.#lastId;
    const type = fields.get('event');
    if (type !== undefined) this.events.push({ id, type, data: JSON.parse(fields.get('data') ?? '{}') });
    this.#lastId = id;
  }
}
