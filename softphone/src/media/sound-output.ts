import { Sink, type Sinkable } from './sink.ts';

/** One way out of the page for sound that is made in it: an `AudioContext` on a device of its own. */
export class SoundOutput {
  #context: (AudioContext & Sinkable) | undefined;
  #element: HTMLAudioElement | undefined;
  #end: AudioNode | undefined;
  #sink: Sink | undefined;
  #device = '';

  /** Made late: before the first touch of the page it would start out silent, with a warning. */
  get context(): AudioContext | undefined {
    if (this.#context === undefined && typeof AudioContext !== 'undefined') {
      this.#context = new AudioContext();
      this.#applyDevice();
    }
    return this.#context;
  }

  /** Lets sound out; to be called while the person touches the page (autoplay rules). */
  unlock(): void {
    const { context } = this;
    if (context?.state === 'suspended') context.resume().catch(() => undefined);
    if (this.#element?.paused) this.#element.play().catch(() => undefined);
  }

  connect(node: AudioNode): void {
    const end = this.#end ?? this.context?.destination;
    if (end !== undefined) node.connect(end);
  }

  /** @param device as `setSinkId` takes it */
  playOn(device: string): void {
    this.#device = device;
    this.#applyDevice();
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
