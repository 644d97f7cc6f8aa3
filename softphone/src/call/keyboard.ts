import { isKey, type Key } from './dialled.ts';
import type { CallSnapshot } from './snapshot.ts';

/** What has the focus: nothing in particular, the number field, another field, or a button. */
export type Focus = 'none' | 'number' | 'field' | 'control';

export interface KeyPress {
  /** `KeyboardEvent.key`. */
  readonly key: string;
  /** Ctrl, Alt or Meta is down: the browser's business. */
  readonly modified: boolean;
  /** The key is held down. */
  readonly repeated: boolean;
}

export type KeyIntent =
  | { readonly type: 'key'; readonly key: Key }
  | { readonly type: 'plus' }
  | { readonly type: 'delete' }
  | { readonly type: 'clear' }
  | { readonly type: 'call' }
  | { readonly type: 'answer' }
  | { readonly type: 'hang-up' };

/**
 * What a key press means to the phone, if anything. Digits go to the number (or into the call) wherever
 * the focus is; Enter calls or answers, unless it is a button's own; Escape ends, or clears the number.
 * A key held down never makes or ends a call.
 */
export function keyIntent(
  press: KeyPress,
  focus: Focus,
  call: CallSnapshot | undefined,
): KeyIntent | undefined {
  if (press.modified || focus === 'field') return undefined;
  if (press.key === 'Escape') return press.repeated ? undefined : onEscape(call);
  if (press.key === 'Enter') return press.repeated || focus === 'control' ? undefined : onEnter(call);
  if (focus === 'number') return undefined;
  if (isKey(press.key)) return { type: 'key', key: press.key };
  if (call !== undefined) return undefined;
  if (press.key === '+') return { type: 'plus' };
  return press.key === 'Backspace' ? { type: 'delete' } : undefined;
}

function onEscape(call: CallSnapshot | undefined): KeyIntent {
  return { type: call === undefined ? 'clear' : 'hang-up' };
}

function onEnter(call: CallSnapshot | undefined): KeyIntent | undefined {
  if (call === undefined) return { type: 'call' };
  const rings = call.direction === 'incoming' && call.status === 'ringing' && !call.answering;
  return rings ? { type: 'answer' } : undefined;
}
