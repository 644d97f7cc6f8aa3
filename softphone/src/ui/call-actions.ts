import { html, nothing, type TemplateResult } from 'lit';
import type { Phone } from '../call/phone.ts';
import type { Strings } from '../i18n/strings.ts';
import { alertIcon, hangUpIcon, microphoneIcon, mutedIcon, receiverIcon } from './icons.ts';
import type { PhoneModel } from './presenter.ts';

/** The keys that make and end calls. `dial` is asked for a call to the number that was typed. */
export function callActions(
  strings: Strings,
  { actions, call }: PhoneModel,
  phone: Phone,
  dial: () => void,
): TemplateResult {
  if (call === undefined || actions === 'dial')
    return html`<button class="strong go" type="button" @click=${dial}>${receiverIcon}${strings.call}</button>`;
  if (actions === 'incoming')
    return html`<button class="strong stop" type="button" @click=${() => phone.hangUp(call.id)}>
        ${hangUpIcon}${strings.decline}
      </button>
      <button class="strong go" type="button" @click=${() => phone.answer(call.id)}>
        ${receiverIcon}${strings.answer}
      </button>`;
  return html`<button class=${call.muted ? 'strong on' : 'strong'} type="button" @click=${() => phone.setMuted(call.id, !call.muted)}>
      ${call.muted ? mutedIcon : microphoneIcon}${call.muted ? strings.unmute : strings.mute}
    </button>
    <button class="strong stop" type="button" @click=${() => phone.hangUp(call.id)}>
      ${hangUpIcon}${strings.hangUp}
    </button>`;
}

/** What there is to say about the microphone before a call, if anything. */
export function microphoneNote(strings: Strings, { microphoneNote }: PhoneModel, phone: Phone) {
  if (microphoneNote === undefined) return nothing;
  if (microphoneNote === 'denied')
    return html`<div class="note denied">${alertIcon}<p>${strings.microphoneDenied}</p></div>`;
  return html`<div class="note">
    <p>${strings.microphonePrompt}</p>
    <button type="button" @click=${() => void phone.allowMicrophone()}>${strings.allowMicrophone}</button>
  </div>`;
}
