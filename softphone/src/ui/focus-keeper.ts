import type { LitElement, ReactiveController } from 'lit';

/** When the button of a call that had the focus goes, the focus stays with what takes its place. */
export class FocusKeeper implements ReactiveController {
  readonly #host: LitElement;
  #hadFocus = false;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#hadFocus = this.#host.shadowRoot?.activeElement?.closest('.actions, .rows') != null;
  }

  hostUpdated(): void {
    const lost = this.#hadFocus && this.#host.shadowRoot?.activeElement === null;
    if (lost) this.#host.renderRoot.querySelector<HTMLElement>('.actions')?.focus({ preventScroll: true });
  }
}
