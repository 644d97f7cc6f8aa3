import { css } from 'lit';

/** Colours, type and measures: set on the outermost element, inherited by all within. */
export const theme = css`
  :host {
    color-scheme: light dark;
    --body: light-dark(#f4f2ec, #24262a);
    --body-high: light-dark(#fffdf8, #2c2f34);
    --edge: light-dark(#cbc6ba, #3a3e45);
    --ink: light-dark(#1d1f1e, #eef0ec);
    --ink-soft: light-dark(#57574f, #a9aea9);
    --glass: light-dark(#171d1b, #0d1110);
    --glass-edge: light-dark(#0b0f0e, #000000);
    --glow: #e8f3e6;
    --glow-soft: #a3b5a6;
    --lamp-on: #6fe3a1;
    --lamp-wait: #ffc24b;
    --lamp-bad: #ff8d7a;
    --key: light-dark(#fffdf8, #33373d);
    --key-low: light-dark(#e6e2d8, #272a2f);
    --key-edge: light-dark(#bdb7a9, #17191c);
    --go: light-dark(#14704a, #17704c);
    --go-high: light-dark(#1a8056, #1f8159);
    --stop: light-dark(#b3301f, #b63524);
    --stop-high: light-dark(#c23b28, #c84230);
    --on-strong: #ffffff;
    --focus: light-dark(#0b5bd3, #8cc2ff);
    --alert: light-dark(#8a2a12, #ffb4a3);
    --alert-ground: light-dark(#fbe6df, #42231c);
    --radius: 1.75rem;
    --font:
      'Inter', 'SF Pro Text', system-ui, -apple-system, 'Segoe UI', Roboto, 'Apple SD Gothic Neo',
      'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', 'Helvetica Neue', Arial, sans-serif;
    font-family: var(--font);
    color: var(--ink);
    line-height: 1.4;
    -webkit-text-size-adjust: 100%;
  }
`;

/** What every part starts from. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }
  button {
    border: 0;
    background: none;
    padding: 0;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: not-allowed;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      /* Not 1ms: that would make a transition of every change of every element, one level of the tree a frame. */
      transition-duration: 0s !important;
    }
  }
`;

/** The large keys that make and end calls. */
export const strongKeys = css`
  .strong {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.6rem;
    min-block-size: 3.75rem;
    padding-inline: 0.75rem;
    border-radius: 1.25rem;
    font-size: 1.0625rem;
    font-weight: 600;
    white-space: nowrap;
    color: var(--ink);
    background: linear-gradient(var(--key), var(--key-low));
    box-shadow:
      inset 0 1px 0 light-dark(#ffffff, #ffffff1a),
      0 0 0 1px var(--key-edge),
      0 2px 3px #00000026;
    transition:
      transform 90ms ease,
      filter 120ms ease;
  }
  .strong svg {
    inline-size: 1.45rem;
    block-size: 1.45rem;
    flex: none;
  }
  .strong.go {
    color: var(--on-strong);
    background: linear-gradient(var(--go-high), var(--go));
    box-shadow:
      inset 0 1px 0 #ffffff40,
      0 0 0 1px #0b4a31,
      0 2px 4px #00000040;
  }
  .strong.stop {
    color: var(--on-strong);
    background: linear-gradient(var(--stop-high), var(--stop));
    box-shadow:
      inset 0 1px 0 #ffffff40,
      0 0 0 1px #6d1a0f,
      0 2px 4px #00000040;
  }
  .strong.on {
    color: var(--body);
    background: var(--ink);
  }
  .strong:active:not(:disabled) {
    transform: translateY(1px) scale(0.985);
    filter: brightness(0.94);
  }
  @media (hover: hover) {
    .strong:hover:not(:disabled) {
      filter: brightness(1.06);
    }
  }
`;
