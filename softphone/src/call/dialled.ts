/** An extension, as it is told apart from telephone numbers: two to six digits (never a `+`). */
const EXTENSION = /^\d{2,6}$/;
const TYPEABLE = /[^\d+*#().\- /]/g;
const SEPARATORS = /[().\- /]/g;
/** Digits of other scripts that keyboards produce: full-width, Arabic-Indic and its eastern form. */
const FOREIGN_DIGITS = /[\uFF10-\uFF19\u0660-\u0669\u06F0-\u06F9]/g;

/** What of a typed or pasted text may stand in the number field. */
export function typeable(text: string): string {
  return text
    .replace(FOREIGN_DIGITS, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replaceAll('\uFF0B', '+')
    .replace(TYPEABLE, '');
}

/** The digits to send: without separators, a `+` only in front. */
export function dialable(text: string): string {
  const bare = typeable(text).replace(SEPARATORS, '');
  return bare.slice(0, 1) + bare.slice(1).replaceAll('+', '');
}

/** Whether this is short enough to be an extension or a short code (911, 112, …): sent as it is. */
export function isShort(dialled: string): boolean {
  return EXTENSION.test(dialled);
}

/** What the keypad offers and RFC 4733 §3.2 names events 0–11. */
export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;
export type Key = (typeof KEYS)[number];

export function isKey(text: string): text is Key {
  return (KEYS as readonly string[]).includes(text);
}
