import { css } from 'lit';

export const layout = css`
  :host {
    /* Korean breaks between words, not within them. */
    word-break: keep-all;
    overflow-wrap: anywhere;
    display: block;
    container-type: inline-size;
  }
  .desk {
    display: grid;
    grid-template-columns: minmax(0, 25rem);
    justify-content: center;
    align-items: start;
    gap: 1.25rem;
  }
  @container (min-width: 56rem) {
    .desk {
      grid-template-columns: 25rem minmax(0, 33rem);
      gap: 1.75rem;
    }
  }
  .phone {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: clamp(0.7rem, 1.9vh, 1.1rem);
    padding: clamp(0.85rem, 2.2vh, 1.25rem) clamp(0.9rem, 4.2cqi, 1.35rem) clamp(1rem, 2.6vh, 1.5rem);
    border-radius: 2rem;
    background: linear-gradient(168deg, var(--body-high), var(--body) 34%);
    box-shadow:
      0 0 0 1px var(--edge),
      0 1.5rem 3rem -1.5rem #00000059,
      0 0.25rem 0.75rem #00000014;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: flex-end;
    gap: 0 clamp(0rem, 1.5vw, 0.5rem);
    min-block-size: 2.75rem;
    white-space: nowrap;
  }
  h1 {
    display: flex;
    align-items: center;
    gap: 0.55rem;
    margin: 0 auto 0 0;
    font-size: 1.0625rem;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  h1 svg {
    inline-size: 1.35rem;
    block-size: 1.35rem;
  }
  h1 .lit {
    fill: light-dark(#d4512a, #ff8352);
  }
  .quiet {
    display: inline-flex;
    align-items: center;
    min-block-size: 2.75rem;
    padding-inline: clamp(0.4rem, 1.8vw, 0.7rem);
    border: 0;
    border-radius: 0.9rem;
    background: transparent;
    color: var(--ink-soft);
    font-size: 0.875rem;
    font-weight: 500;
  }
  select.quiet {
    appearance: none;
    cursor: pointer;
  }
  option {
    color: #1d1f1e;
    background: #ffffff;
  }
  @media (hover: hover) {
    .quiet:hover {
      background: light-dark(#1d1f1e12, #ffffff14);
    }
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: clamp(0.5rem, 1.5vh, 0.75rem);
    border-radius: 1.25rem;
  }
  .actions > * {
    flex: 1 1 30%;
    min-inline-size: 0;
  }
  /* Three and more stand as narrow as the keys of the keypad above them. */
  .actions:has(> :nth-child(3)) .strong {
    flex-direction: column;
    gap: 0.2rem;
    padding-inline: 0.25rem;
    font-size: 0.9375rem;
  }
  /* Two rows of them are lower. */
  .actions:has(> :nth-child(4)) .strong {
    min-block-size: 3.25rem;
    gap: 0.05rem;
  }
  .note {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    padding: 0.5rem 0.6rem 0.5rem 0.9rem;
    border-radius: 1rem;
    background: light-dark(#1d1f1e0d, #ffffff12);
    font-size: 0.875rem;
  }
  .note p {
    margin: 0;
    flex: 1;
  }
  .note svg {
    inline-size: 1.25rem;
    block-size: 1.25rem;
    flex: none;
  }
  .note.denied {
    padding: 0.7rem 0.9rem;
    background: var(--alert-ground);
    color: var(--alert);
  }
  .note button {
    min-block-size: 2.75rem;
    padding-inline: 0.9rem;
    border-radius: 0.8rem;
    font-weight: 600;
    background: var(--body-high);
    box-shadow: 0 0 0 1px var(--edge);
  }
  handset-keypad[data-resting] {
    opacity: 0.35;
    filter: saturate(0.4);
  }
  .sign-in {
    padding: 0.4rem 0.15rem 0.2rem;
  }
`;
