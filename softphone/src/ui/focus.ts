import type { Focus } from '../call/keyboard.ts';

/** Where the keyboard's focus is, or `undefined` where another part of the page has it. */
export function focusOf(event: Event, phone: HTMLElement): Focus | undefined {
  const path = event.composedPath();
  const [target] = path;
  if (target === document.body || target === document.documentElement) return 'none';
  if (!path.includes(phone)) return undefined;
  if (target instanceof HTMLInputElement) return target.name === 'number' ? 'number' : 'field';
  if (target instanceof HTMLSelectElement) return 'field';
  return target instanceof HTMLButtonElement || (target as Element).matches('summary, a')
    ? 'control'
    : 'none';
}
