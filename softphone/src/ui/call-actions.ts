import { html, nothing, type TemplateResult } from 'lit';
import type { Phone } from '../call/phone.ts';
import type { CallSnapshot } from '../call/snapshot.ts';
import type { Strings } from '../i18n/strings.ts';
import {
  addIcon,
  alertIcon,
  cancelIcon,
  hangUpIcon,
  holdIcon,
  leaveIcon,
  mergeIcon,
  microphoneIcon,
  mutedIcon,
  receiverIcon,
  resumeIcon,
  swapIcon,
  transferIcon,
} from './icons.ts';
import type { PhoneModel, Typing } from './presenter.ts';

/** What the keys ask of the face, rather than of the phone. */
export interface FaceActions {
  /** A call to the number that was typed. */
  dial(): void;
  /** Lets a number be typed while a call is up, or no more. */
  type(typing: Typing): void;
  /** Hands the call on to the number that was typed, without asking there. */
  transferAtOnce(): void;
}

/** The keys that make and end calls. */
export function callActions(
  strings: Strings,
  model: PhoneModel,
  phone: Phone,
  face: FaceActions,
): TemplateResult {
  const { call, actions } = model;
  if (call === undefined || actions === 'dial') return dialKeys(strings, model, face);
  if (actions === 'incoming') return incomingKeys(strings, call, phone);
  if (actions === 'transfer') return transferKeys(strings, model, phone);
  return html`${muteKey(strings, call, phone)}
    ${call.status === 'established' ? holdKey(strings, call, phone) : nothing}
    ${model.maySwap ? key(swapIcon, strings.swap, () => phone.swap()) : nothing}
    ${model.mayMerge ? key(mergeIcon, strings.merge, () => phone.merge()) : nothing}
    ${model.mayTransfer ? key(transferIcon, strings.transfer, () => startTransfer(model, phone, face)) : nothing}
    ${model.mayAdd ? key(addIcon, strings.addCall, () => face.type('add')) : nothing}
    ${
      actions === 'conference'
        ? stopKey(leaveIcon, strings.leave, () => phone.leave())
        : stopKey(hangUpIcon, strings.hangUp, () => phone.hangUp(call.id))
    }`;
}

/** With two calls up the one is handed on to the other; with one, to a number. */
function startTransfer({ call, held }: PhoneModel, phone: Phone, face: FaceActions): void {
  if (call !== undefined && held !== undefined) phone.attendedTransfer(held.id, { call: call.id });
  else face.type('transfer');
}

function transferKeys(strings: Strings, { call, maySwap }: PhoneModel, phone: Phone): TemplateResult {
  const stage = phone.snapshot.transfer?.stage;
  return html`${call === undefined ? nothing : muteKey(strings, call, phone)}
    ${maySwap ? key(swapIcon, strings.swap, () => phone.swap()) : nothing}
    ${stage === 'joining' ? nothing : key(cancelIcon, strings.cancelTransfer, () => phone.cancelTransfer())}
    ${stage === 'asking' ? goKey(transferIcon, strings.completeTransfer, () => phone.completeTransfer()) : nothing}`;
}

function muteKey(strings: Strings, call: CallSnapshot, phone: Phone): TemplateResult {
  return html`<button class=${call.muted ? 'strong on' : 'strong'} type="button" @click=${() => phone.setMuted(call.id, !call.muted)}>
      ${call.muted ? mutedIcon : microphoneIcon}${call.muted ? strings.unmute : strings.mute}
    </button>`;
}

function key(icon: TemplateResult, words: string, onClick: () => void): TemplateResult {
  return html`<button class="strong" type="button" @click=${onClick}>${icon}${words}</button>`;
}

function stopKey(icon: TemplateResult, words: string, onClick: () => void): TemplateResult {
  return html`<button class="strong stop" type="button" @click=${onClick}>${icon}${words}</button>`;
}

function goKey(icon: TemplateResult, words: string, onClick: () => void): TemplateResult {
  return html`<button class="strong go" type="button" @click=${onClick}>${icon}${words}</button>`;
}

/** While a call is up, typing a number can be given up again. */
function dialKeys(strings: Strings, { typing }: PhoneModel, face: FaceActions): TemplateResult {
  const call = goKey(receiverIcon, strings.call, () => face.dial());
  if (typing === 'no') return call;
  const cancel = typing === 'transfer' ? strings.cancelTransfer : strings.cancel;
  return html`${key(cancelIcon, cancel, () => face.type('no'))}${
    typing === 'transfer' ? key(transferIcon, strings.completeTransfer, () => face.transferAtOnce()) : nothing
  }${call}`;
}

function incomingKeys(strings: Strings, { id }: CallSnapshot, phone: Phone): TemplateResult {
  return html`${stopKey(hangUpIcon, strings.decline, () => phone.hangUp(id))}
    <button class="strong go" type="button" @click=${() => phone.answer(id)}>
      ${receiverIcon}${strings.answer}
    </button>`;
}

function holdKey(strings: Strings, { id, held }: CallSnapshot, phone: Phone): TemplateResult {
  return html`<button class=${held ? 'strong on' : 'strong'} type="button" @click=${() => (held ? phone.unhold(id) : phone.hold(id))}>
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
