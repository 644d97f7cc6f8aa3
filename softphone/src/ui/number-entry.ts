import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { typeable } from '../call/dialled.ts';
import { formatTyped } from '../call/number-format.ts';

/** The number being typed, as it stands in its field, and the one that was dialled last. */
export class NumberEntry implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #country: () => string;
  #text = '';
  #lastDialled = '';

  /** @param country in whose national form numbers are shown */
  constructor(host: ReactiveControllerHost, country: () => string) {
    this.#host = host;
    this.#country = country;
    host.addController(this);
  }

  hostConnected(): void {}

  get text(): string {
    return this.#text;
  }

  /** Empty where there was none yet. */
  get lastDialled(): string {
    return this.#lastDialled;
  }

  dialled(number: string): void {
    this.#lastDialled = number;
  }

  /** Puts the number that was dialled last into the field again. */
  recall(): void {
    this.enter(this.#lastDialled);
  }

  enter(text: string): void {
    this.#set(formatTyped(typeable(text), this.#country()));
  }

  add(key: string): void {
    this.enter(this.#text + key);
  }

  /** What was typed or pasted into the field. In the middle of it, nothing moves under the cursor. */
  input({ text, atEnd }: { readonly text: string; readonly atEnd: boolean }): void {
    if (atEnd) this.enter(text);
    else this.#set(typeable(text));
  }

  deleteLast(): void {
    // Separators at the end belong to no digit.
    this.enter(this.#text.replace(/[^\d+*#]*[\d+*#]?$/, ''));
  }

  clear(): void {
    this.#set('');
  }

  #set(text: string): void {
    this.#text = text;
    // Also where nothing changed: what is not typeable must not stay in the field.
    this.#host.requestUpdate();
  }
}
