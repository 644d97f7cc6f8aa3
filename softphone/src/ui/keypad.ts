import { css, html, LitElement } from 'lit';
import { KEYS, type Key } from '../call/dialled.ts';
import { base } from './theme.ts';

/** The letters of each key (ITU-T E.161). */
const LETTERS: Partial<Record<Key, string>> = {
  2: 'ABC',
  3: 'DEF',
  4: 'GHI',
  5: 'JKL',
  6: 'MNO',
  7: 'PQRS',
  8: 'TUV',
  9: 'WXYZ',
  0: '+',
};

const CLASSES: Partial<Record<Key, string>> = { '*': 'sign star', '#': 'sign' };

const HOLD_MS = 500;

/** The twelve keys. Tells `key-press` with the key as its detail, and `key-hold` where 0 is held down for a plus. */
export class HandsetKeypad extends LitElement {
  static override properties = { label: {} };
  declare label: string;
  #holding: ReturnType<typeof setTimeout> | undefined;
  /** The key was held down long enough to mean something else; its click is not meant any more. */
  #held = false;

  static override styles = [
    base,
    css`
      :host {
        display: block;
      }
      div {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: clamp(0.5rem, 1.5vh, 0.75rem);
      }
      button {
        display: grid;
        grid-template-rows: 1fr auto;
        place-items: center;
        block-size: clamp(3.25rem, 9.2vh, 4.5rem);
        padding-block: 0.35rem 0.5rem;
        border-radius: 1.35rem;
        background: linear-gradient(var(--key), var(--key-low));
        box-shadow:
          inset 0 1px 0 light-dark(#ffffff, #ffffff1a),
          0 0 0 1px var(--key-edge),
          0 2px 3px #0000001f;
        user-select: none;
        transition:
          transform 80ms ease,
          filter 120ms ease;
      }
      .digit {
        font-size: clamp(1.5rem, 3.6vh, 1.85rem);
        font-weight: 500;
        line-height: 1;
        font-variant-numeric: tabular-nums;
        align-self: center;
      }
      .letters {
        block-size: 0.8rem;
        font-size: 0.6875rem;
        line-height: 0.8rem;
        font-weight: 600;
        letter-spacing: 0.16em;
        text-indent: 0.16em;
        color: var(--ink-soft);
      }
      /* As decoration: the key's name is its digit alone, also for those who speak to their computer. */
      .letters::before {
        content: attr(data-letters) / '';
      }
      .sign .digit {
        grid-row: 1 / -1;
      }
      .star .digit {
        font-size: 2.4rem;
        transform: translateY(0.22em);
      }
      button:active {
        transform: translateY(1px) scale(0.975);
        filter: brightness(0.93);
      }
      @media (hover: hover) {
        button:hover {
          filter: brightness(1.04);
        }
      }
    `,
  ];

  override render() {
    return html`<div role="group" aria-label=${this.label}>
      ${KEYS.map((key) => {
        const letters = LETTERS[key];
        return html`<button
          type="button"
          aria-label=${key}
          class=${CLASSES[key] ?? ''}
          @click=${() => this.#press(key)}
          @pointerdown=${() => this.#hold(key)}
          @pointerup=${this.#release}
          @pointerleave=${this.#release}
          @contextmenu=${(event: Event) => event.preventDefault()}
        >
          <span class="digit" aria-hidden="true">${key}</span>
          ${key === '*' || key === '#' ? '' : html`<span class="letters" data-letters=${letters ?? ''}></span>`}
        </button>`;
      })}
    </div>`;
  }

  #press(key: Key): void {
    if (!this.#held) this.#tell('key-press', key);
    this.#held = false;
  }

  #hold(key: Key): void {
    this.#held = false;
    this.#holding = setTimeout(() => {
      this.#held = key === '0';
      if (this.#held) this.#tell('key-hold', key);
    }, HOLD_MS);
  }

  readonly #release = (): void => {
    clearTimeout(this.#holding);
  };

  #tell(type: string, detail: Key): void {
    this.dispatchEvent(new CustomEvent<Key>(type, { detail }));
  }
}

customElements.define('handset-keypad', HandsetKeypad);
