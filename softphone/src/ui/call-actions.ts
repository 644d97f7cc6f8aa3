import { html, nothing, type TemplateResult } from 'lit';
import type { Phone } from '../call/phone.ts';
import type { CallSnapshot } from '../call/snapshot.ts';
import type { Strings } from '../i18n/strings.ts';
import {
  alertIcon,
  hangUpIcon,
  holdIcon,
  microphoneIcon,
  mutedIcon,
  receiverIcon,
  resumeIcon,
} from './icons.ts';
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
    ${call.status === 'established' ? holdKey(strings, call, phone) : nothing}
    <button class="strong stop" type="button" @click=${() => phone.hangUp(call.id)}>
      ${hangUpIcon}${strings.hangUp}
    </button>`;
}

function holdKey(strings: Strings, { id, held }: CallSnapshot, phone: Phone): TemplateResult {
  return html`<button class=${held ? 'strong on' : 'strong'} type="button" @click=${() => phone.setHeld(id, !held)}>
    ${held ? resumeIcon : holdIcon}${held ? strings.resume : strings.hold}
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
