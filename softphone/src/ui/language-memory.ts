import type { Language } from '../i18n/languages.ts';

const LANGUAGE_KEY = 'handset.language';

/** The language that was chosen in this browser, if any. */
export function remembered(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    // Storage may be forbidden; then nothing is remembered.
    return null;
  }
}

/** Remembers a choice of language in this browser. */
export function remember(language: Language): void {
  try {
    localStorage.setItem(LANGUAGE_KEY, language);
  } catch {
    // As above.
  }
}
