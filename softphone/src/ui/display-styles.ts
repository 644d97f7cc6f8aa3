import { css } from 'lit';

export const displayStyles = css`
  :host {
    display: block;
    --focus: #8cc2ff;
  }
  .glass {
    display: grid;
    grid-template: auto 1fr auto / minmax(0, 1fr);
    gap: 0.35rem;
    min-block-size: 10.25rem;
    padding: 0.9rem 1.1rem 1rem;
    border-radius: 1.35rem;
    color: var(--glow);
    background: radial-gradient(120% 90% at 20% 0%, #25302c 0%, var(--glass) 62%);
    box-shadow:
      inset 0 0 0 1px var(--glass-edge),
      inset 0 2px 10px #00000066,
      0 1px 0 light-dark(#ffffff, #ffffff12);
  }
  .status {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0.15rem 0.9rem;
    font-size: 0.875rem;
    min-block-size: 1.25rem;
  }
  .connection {
    display: inline-flex;
    align-items: baseline;
    gap: 0.5rem;
    color: var(--glow-soft);
  }
  .lamp {
    inline-size: 0.55rem;
    block-size: 0.55rem;
    border-radius: 50%;
    background: var(--glow-soft);
    align-self: center;
  }
  .lamp[data-lamp='on'] {
    background: var(--lamp-on);
    box-shadow: 0 0 0.5rem #6fe3a18c;
  }
  .lamp[data-lamp='wait'] {
    background: var(--lamp-wait);
    animation: breathe 1.6s ease-in-out infinite;
  }
  .call {
    color: var(--glow);
    font-weight: 600;
    text-wrap: balance;
  }
  .call[data-tone='alert'] {
    color: var(--lamp-bad);
  }
  .main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-items: center;
    min-inline-size: 0;
  }
  .entry {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    margin-inline: -0.35rem;
  }
  input {
    flex: 1;
    inline-size: 0;
    min-inline-size: 0;
    block-size: 3.5rem;
    padding-inline: 0.35rem;
    border: 0;
    border-radius: 0.75rem;
    background: transparent;
    color: inherit;
    caret-color: var(--lamp-on);
    font-size: clamp(1.5rem, 7.4vw, 2rem);
    font-weight: 400;
    font-variant-numeric: tabular-nums;
  }
  input:focus-visible {
    outline-offset: -3px;
  }
  input[data-long] {
    font-size: clamp(1.15rem, 5.6vw, 1.5rem);
  }
  input::placeholder {
    color: var(--glow-soft);
    font-size: 1.125rem;
    opacity: 1;
  }
  .delete {
    display: grid;
    place-items: center;
    inline-size: 3rem;
    block-size: 3rem;
    border-radius: 0.9rem;
    color: var(--glow-soft);
  }
  .delete svg {
    inline-size: 1.6rem;
    block-size: 1.6rem;
  }
  .party {
    min-inline-size: 0;
  }
  .name {
    margin: 0;
    font-size: clamp(1.4rem, 6.8vw, 1.85rem);
    font-weight: 500;
    line-height: 1.2;
    overflow-wrap: anywhere;
    font-variant-numeric: tabular-nums;
  }
  .detail {
    margin: 0.1rem 0 0;
    color: var(--glow-soft);
    font-size: 0.9375rem;
    font-variant-numeric: tabular-nums;
  }
  .foot {
    display: flex;
    justify-content: space-between;
    gap: 1rem;
    margin: 0;
    min-block-size: 1.3rem;
    color: var(--glow-soft);
    font-size: 0.875rem;
  }
  .foot handset-timer {
    color: var(--glow);
    font-size: 1rem;
  }
  .keys {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    direction: rtl;
    white-space: nowrap;
    letter-spacing: 0.08em;
  }
  .glass[data-ringing] {
    animation: ring 1.5s ease-in-out infinite;
  }
  @keyframes breathe {
    50% {
      opacity: 0.35;
    }
  }
  @keyframes ring {
    0%,
    100% {
      box-shadow:
        inset 0 0 0 1px var(--glass-edge),
        0 0 0 0 #6fe3a180;
    }
    50% {
      box-shadow:
        inset 0 0 0 1px #6fe3a1,
        0 0 0 0.5rem #6fe3a12e;
    }
  }
`;
