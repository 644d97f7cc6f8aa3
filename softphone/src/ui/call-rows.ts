import { css, html, nothing, type TemplateResult } from 'lit';
import { isEstablished, isRinging } from '../call/floor.ts';
import type { Phone } from '../call/phone.ts';
import type { Strings } from '../i18n/strings.ts';
import type { CallRow } from './presenter.ts';

/** The calls beside the one on the display, and the members of a conference: each by its far end, with what can be done to it. */
export function callRows(strings: Strings, rows: readonly CallRow[], phone: Phone) {
  if (rows.length === 0) return nothing;
  return html`<div class="rows">
    ${rows.map(
      (row) => html`<div class="row" role="group" aria-label=${row.name} ?data-ringing=${isRinging(row.call)}>
        <p><span class="who">${row.name}</span><span class="state">${row.state}</span></p>
        <span class="do">${rowActions(strings, row, phone)}</span>
      </div>`,
    )}
  </div>`;
}

function rowActions(strings: Strings, { call, isMember, mayResume }: CallRow, phone: Phone): TemplateResult {
  if (isRinging(call))
    return html`<button class="stop" type="button" @click=${() => phone.hangUp(call.id)}>
        ${strings.decline}
      </button>
      <button class="go" type="button" @click=${() => phone.answer(call.id)}>
        ${strings.answer}
      </button>`;
  return html`${
    isEstablished(call) && call.held && mayResume
      ? html`<button type="button" @click=${() => phone.unhold(call.id)}>${strings.resume}</button>`
      : nothing
  }<button class="stop" type="button" @click=${() => phone.hangUp(call.id)}>
      ${isMember ? strings.drop : strings.hangUp}
    </button>`;
}

export const rowStyles = css`
  .rows {
    display: grid;
    gap: 0.5rem;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem 0.5rem;
    padding: 0.45rem 0.5rem 0.45rem 0.9rem;
    border-radius: 1.1rem;
    background: light-dark(#1d1f1e0d, #ffffff12);
  }
  .row[data-ringing] {
    box-shadow: inset 0 0 0 2px var(--go);
  }
  .row p {
    display: grid;
    flex: 1 1 8rem;
    min-inline-size: 0;
    margin: 0;
    line-height: 1.25;
  }
  .row .who {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .row .state {
    color: var(--ink-soft);
    font-size: 0.8125rem;
  }
  .row .do {
    display: flex;
    gap: 0.5rem;
  }
  .row button {
    min-block-size: 2.75rem;
    padding-inline: 0.8rem;
    border-radius: 0.9rem;
    font-size: 0.9375rem;
    font-weight: 600;
    background: var(--body-high);
    box-shadow: 0 0 0 1px var(--edge);
  }
  .row .go,
  .row .stop {
    color: var(--on-strong);
    background: var(--stop);
    box-shadow: none;
  }
  .row .go {
    background: var(--go);
  }
`;
