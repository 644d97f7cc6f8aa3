import { Sink, type Sinkable } from './sink.ts';

/** A browser that lets sound out does so by then. */
const BLOCKED_AFTER_MS = 500;
/** A context that runs costs the processor something even in silence. */
const REST_AFTER_MS = 3_000;

/** One way out of the page for sound that is made in it: an `AudioContext` on a device of its own. */
export class SoundOutput {
  readonly #onBlocked: () => void;
  #context: (AudioContext & Sinkable) | undefined;
  #element: HTMLAudioElement | undefined;
  #end: AudioNode | undefined;
  #sink: Sink | undefined;
  #device = '';
  #blocked = false;
  #judge: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /** @param onBlocked called when `blocked` has changed */
  constructor(onBlocked: () => void = () => {}) {
    this.#onBlocked = onBlocked;
  }

  /** Whether the browser keeps it silent until the person touches the page (autoplay rules). */
  get blocked(): boolean {
    return this.#blocked;
  }

  /** Gets it to run. Where the browser forbids that, sound waits, and comes out when the page is touched. */
  wake(): AudioContext | undefined {
    clearTimeout(this.#rest);
    const context = this.#make();
    if (context === undefined || context.state === 'running') return context;
    context.resume().catch(() => undefined);
    if (this.#element?.paused) this.#element.play().catch(() => undefined);
    clearTimeout(this.#judge);
    this.#judge = setTimeout(() => this.#setBlocked(context.state !== 'running'), BLOCKED_AFTER_MS);
    return context;
  }

  /** Stops running after a moment, unless woken again. */
  rest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      if (!this.#blocked) this.#context?.suspend().catch(() => undefined);
    }, REST_AFTER_MS);
  }

  connect(node: AudioNode): void {
    const end = this.#end ?? this.#context?.destination;
    if (end !== undefined) node.connect(end);
  }

  /** @param device as `setSinkId` takes it */
  playOn(device: string): void {
    this.#device = device;
    this.#applyDevice();
  }

  /** Made late: before the first touch of the page it would start out silent, with a warning. */
  #make(): AudioContext | undefined {
    if (this.#context === undefined && typeof AudioContext !== 'undefined') {
      const context = new AudioContext();
      context.addEventListener('statechange', () => {
        if (context.state === 'running') this.#setBlocked(false);
      });
      this.#context = context;
      this.#applyDevice();
    }
    return this.#context;
  }

  #setBlocked(blocked: boolean): void {
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#onBlocked();
  }

  #applyDevice(): void {
    if (this.#context === undefined || (this.#device === '' && this.#sink === undefined)) return;
    // Contexts choose their device in some browsers only (Web Audio 1.1), elements in most.
    this.#sink ??= new Sink(
      'setSinkId' in this.#context ? this.#context : this.#throughElement(this.#context),
    );
    this.#sink.playOn(this.#device);
  }

  #throughElement(context: AudioContext): HTMLAudioElement {
    const stream = new MediaStreamAudioDestinationNode(context);
    this.#end = stream;
    this.#element = new Audio();
    this.#element.srcObject = stream.stream;
    this.#element.play().catch(() => undefined);
    return this.#element;
  }
}
