import { en } from './en.ts';
import { ko } from './ko.ts';
import type { Strings } from './strings.ts';

export const LANGUAGES = { en, ko } as const satisfies Record<string, Strings>;
export type Language = keyof typeof LANGUAGES;

/**
 * The language to speak: the one that was chosen, else the first of the browser's that we know, else English.
 * @param chosen what was remembered, if anything; it may be out of date
 * @param preferred the browser's languages (BCP 47), best first
 */
export function pickLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const wanted = [chosen ?? '', ...preferred].map((tag) => tag.toLowerCase().split('-')[0] ?? '');
  return wanted.find(isLanguage) ?? 'en';
}

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(LANGUAGES, text);
}
