import { css } from 'lit';

export const travelStyles = css`
  :host {
    display: block;
    container-type: inline-size;
    --good: light-dark(#14704a, #6fe3a1);
    --bad: light-dark(#a32a1a, #ff9f8f);
    --line: light-dark(#8d887b, #7b828c);
    --accent: light-dark(#b8431f, #ff9166);
  }
  h2 {
    margin: 1.4rem 0 0;
    font-size: 0.9375rem;
    font-weight: 650;
  }
  .hint,
  .none {
    margin: 0.1rem 0 0;
    color: var(--ink-soft);
    font-size: 0.875rem;
  }
  .path {
    display: grid;
    grid-template-columns: auto minmax(2.5rem, 1fr) auto minmax(2.5rem, 1fr) auto;
    align-items: start;
    margin-block-start: 0.35rem;
  }
  .node {
    display: grid;
    place-items: center;
    min-block-size: 2.6rem;
    padding-inline: 0.8rem;
    border-radius: 0.9rem;
    background: var(--body-high);
    box-shadow: 0 0 0 1px var(--edge);
    font-size: 0.8125rem;
    font-weight: 600;
    text-align: center;
  }
  .edge {
    display: grid;
    gap: 0.4rem;
    min-inline-size: 0;
  }
  .wire {
    block-size: 2.6rem;
    background:
      radial-gradient(circle at center, var(--accent) 0 0.18rem, transparent 0.2rem) no-repeat -1rem center / 1rem 100%,
      linear-gradient(var(--line), var(--line)) no-repeat center / 100% 1.5px;
  }
  [data-up] .wire {
    background-image:
      radial-gradient(circle at center, var(--good) 0 0.18rem, transparent 0.2rem),
      linear-gradient(var(--good), var(--good));
    animation: travel 1.5s linear infinite;
  }
  [data-calling] .wire {
    animation: travel 1.5s linear infinite;
  }
  .second .wire {
    animation-delay: 0.75s !important;
  }
  @keyframes travel {
    from {
      background-position:
        -1rem center,
        center;
    }
    to {
      background-position:
        calc(100% + 1rem) center,
        center;
    }
  }
  .how {
    padding-inline: 0.3rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    line-height: 1.35;
    text-align: center;
    text-wrap: balance;
  }
  @container (max-width: 26rem) {
    .path {
      grid-template-columns: minmax(0, 1fr);
    }
    .edge {
      grid-template-columns: 2.4rem minmax(0, 1fr);
      align-items: center;
      min-block-size: 2.6rem;
    }
    .wire {
      block-size: 100%;
      background:
        radial-gradient(circle at center, var(--accent) 0 0.18rem, transparent 0.2rem) no-repeat center -1rem / 100% 1rem,
        linear-gradient(var(--line), var(--line)) no-repeat center / 1.5px 100%;
      animation-name: travel-down !important;
    }
    .how {
      text-align: start;
    }
    dl div {
      grid-template-columns: minmax(0, 1fr) !important;
      gap: 0 !important;
    }
  }
  @keyframes travel-down {
    from {
      background-position:
        center -1rem,
        center;
    }
    to {
      background-position:
        center calc(100% + 1rem),
        center;
    }
  }
  .ladder {
    margin: 0.6rem 0 0;
    padding: 0;
    list-style: none;
  }
  .ladder li {
    display: grid;
    grid-template-columns: 4.2rem minmax(0, 1fr);
    grid-template-areas: 'time message' '. arrow';
    column-gap: 0.8rem;
    padding-block: 0.22rem;
    font-size: 0.875rem;
  }
  .time {
    grid-area: time;
    color: var(--ink-soft);
    font-size: 0.8125rem;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .message {
    grid-area: message;
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    column-gap: 0.6rem;
  }
  li:not([data-sent]) .message {
    justify-content: flex-end;
  }
  .label {
    font-weight: 600;
  }
  .meaning {
    color: var(--ink-soft);
    font-size: 0.8125rem;
  }
  abbr {
    margin-inline-start: 0.4rem;
    padding: 0.05rem 0.3rem;
    border-radius: 0.35rem;
    box-shadow: 0 0 0 1px var(--edge);
    font-size: 0.6875rem;
    font-weight: 600;
    text-decoration: none;
    vertical-align: 0.08em;
  }
  .arrow {
    grid-area: arrow;
    position: relative;
    block-size: 0.5rem;
    color: var(--line);
    border-inline: 1.5px solid var(--edge);
  }
  .arrow::before {
    content: '';
    position: absolute;
    inset: auto 0.15rem 0.2rem;
    block-size: 1.5px;
    background: currentColor;
  }
  .arrow::after {
    content: '';
    position: absolute;
    inset-block-end: 0.02rem;
    inset-inline-start: 0.15rem;
    inline-size: 0.4rem;
    block-size: 0.4rem;
    border: solid currentColor;
    border-width: 0 0 1.5px 1.5px;
    transform: rotate(45deg);
  }
  li[data-sent] .arrow::after {
    inset-inline: auto 0.15rem;
    transform: rotate(225deg);
  }
  li[data-tone='good'] :is(.label, .arrow) {
    color: var(--good);
  }
  li[data-tone='bad'] :is(.label, .arrow) {
    color: var(--bad);
  }
  dl {
    margin: 0.5rem 0 0;
    display: grid;
    gap: 0.35rem;
    font-size: 0.875rem;
  }
  dl div {
    display: grid;
    grid-template-columns: minmax(0, 11rem) minmax(0, 1fr);
    gap: 0.8rem;
  }
  dt {
    color: var(--ink-soft);
  }
  dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
`;
