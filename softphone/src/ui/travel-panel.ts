import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { isAlive } from '../call/call-state.ts';
import type { Phone } from '../call/phone.ts';
import type { PhoneSnapshot } from '../call/snapshot.ts';
import type { Strings } from '../i18n/strings.ts';
import { inspect, type MediaFacts } from '../media/inspect.ts';
import { base } from './theme.ts';
import { farEnd, type LadderStep, ladder, mediaFacts, mixFact, subject } from './travel-facts.ts';
import { travelStyles } from './travel-styles.ts';

const LOOK_MS = 1_000;

/** How a call travels: the path, every SIP message, and what carries the sound. All of it measured. */
export class HandsetTravelPanel extends LitElement {
  static override properties = {
    strings: { attribute: false },
    phone: { attribute: false },
    snapshot: { attribute: false },
    _facts: { state: true },
  };
  declare strings: Strings;
  declare phone: Phone;
  declare snapshot: PhoneSnapshot;
  declare _facts: MediaFacts | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #subject: string | undefined;

  static override styles = [base, travelStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => void this.#look(), LOOK_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  override render() {
    const { strings, snapshot } = this;
    const words = strings.travel;
    const { call, trace } = subject(snapshot);
    const facts = [...mixFact(snapshot, strings), ...mediaFacts(this._facts, strings)];
    return html`${this.#path()}
      <h2>${call === undefined ? words.registration : words.signalling}</h2>
      <p class="hint">${call === undefined ? words.registrationHint : words.signallingHint}</p>
      ${
        trace.length === 0
          ? html`<p class="none">${words.none}</p>`
          : html`<ol class="ladder">${ladder(trace, strings).map((step) => this.#step(step))}</ol>`
      }
      <h2>${words.media}</h2>
      ${
        facts.length === 0
          ? html`<p class="none">${call === undefined ? words.idle : words.none}</p>`
          : html`<dl>${facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
      }`;
  }

  #path(): TemplateResult {
    const words = this.strings.travel;
    const { call: shown } = subject(this.snapshot);
    const call = shown !== undefined && isAlive(shown) ? shown : undefined;
    const end = farEnd(shown);
    const up = call?.status === 'established' || call?.status === 'early';
    const leg = end === 'carrier' ? words.gatewayToCarrier : words.gatewayToColleague;
    return html`<div class="path" ?data-up=${up} ?data-calling=${call !== undefined && !up}>
      <span class="node here">${words.browser}</span>
      <span class="edge first"><span class="wire"></span><span class="how">${words.browserToGateway}</span></span>
      <span class="node">${words.gateway}</span>
      <span class="edge second"><span class="wire"></span><span class="how">${leg}</span></span>
      <span class="node">${end === 'carrier' ? words.carrier : words.colleague}</span>
    </div>`;
  }

  #step({ label, meaning, sent, hasDescription, time, tone }: LadderStep): TemplateResult {
    const words = this.strings.travel;
    return html`<li data-tone=${tone} ?data-sent=${sent}>
      <span class="time">${time}</span>
      <span class="message">
        <span class="label">${label}${hasDescription ? html`<abbr title=${words.offer}>SDP</abbr>` : nothing}</span>
        <span class="meaning">${meaning}</span>
        <span class="visually-hidden">${sent ? words.sent : words.received}</span>
      </span>
      <span class="arrow" aria-hidden="true"></span>
    </li>`;
  }

  /** The connection of the call that is shown; once it is over, what it was stays to be read. */
  async #look(): Promise<void> {
    const { call: shown } = subject(this.phone.snapshot);
    const call = this.phone.calls.find(({ id }) => id === shown?.id);
    if (call?.id !== this.#subject) this._facts = undefined;
    this.#subject = call?.id;
    const peer = call?.media?.peerConnection;
    if (call === undefined || !call.alive || peer === undefined || document.hidden) return;
    const facts = await inspect(peer).catch(() => undefined);
    if (facts !== undefined && this.#subject === call.id) this._facts = facts;
  }
}

customElements.define('handset-travel-panel', HandsetTravelPanel);
