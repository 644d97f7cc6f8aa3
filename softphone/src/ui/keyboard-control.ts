import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type KeyIntent, keyIntent } from '../call/keyboard.ts';
import type { CallSnapshot } from '../call/snapshot.ts';
import { focusOf } from './focus.ts';

interface KeyboardHost extends ReactiveControllerHost, HTMLElement {}

/** What the keyboard does with the phone. */
export interface KeyboardActions {
  /** Whether keys mean anything now. */
  isOn(): boolean;
  /** The call that Enter and Escape are about. */
  subject(): CallSnapshot | undefined;
  follow(intent: KeyIntent, call: CallSnapshot | undefined): void;
  paste(text: string): void;
}

/** Keys pressed and text pasted anywhere on the page, where nobody else wants them. */
export class KeyboardControl implements ReactiveController {
  readonly #host: KeyboardHost;
  readonly #actions: KeyboardActions;

  constructor(host: KeyboardHost, actions: KeyboardActions) {
    this.#host = host;
    this.#actions = actions;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('keydown', this.#onKeyDown);
    document.addEventListener('paste', this.#onPaste);
  }

  hostDisconnected(): void {
    document.removeEventListener('keydown', this.#onKeyDown);
    document.removeEventListener('paste', this.#onPaste);
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || !this.#actions.isOn()) return;
    const focus = focusOf(event, this.#host);
    if (focus === undefined) return;
    const { key, repeat, ctrlKey, altKey, metaKey } = event;
    const call = this.#actions.subject();
    const intent = keyIntent({ key, repeated: repeat, modified: ctrlKey || altKey || metaKey }, focus, call);
    if (intent === undefined) return;
    event.preventDefault();
    this.#actions.follow(intent, call);
  };

  readonly #onPaste = (event: ClipboardEvent): void => {
    if (event.defaultPrevented || !this.#actions.isOn()) return;
    const focus = focusOf(event, this.#host);
    if (focus !== 'none' && focus !== 'control') return;
    event.preventDefault();
    this.#actions.paste(event.clipboardData?.getData('text') ?? '');
  };
}
