import type { Strings } from './strings.ts';

/** Each by its own name: a language is looked for by people who may read no other. */
export const LANGUAGE_NAMES = { en: 'English', ko: '한국어' } as const;
export type Language = keyof typeof LANGUAGE_NAMES;

/** Nobody reads two at a time, so that each is fetched when it is wanted. */
const SOURCES: Readonly<Record<Language, () => Promise<Strings>>> = {
  en: async () => (await import('./en.ts')).en,
  ko: async () => (await import('./ko.ts')).ko,
};
const loaded = new Map<Language, Strings>();

/** Fetches a language, unless it is there. Rejects where it can't be fetched. */
export async function loadStrings(language: Language): Promise<void> {
  if (!loaded.has(language)) loaded.set(language, await SOURCES[language]());
}

/**
 * The texts of a language; of another one that is there, while this one is not.
 * @throws TypeError before any language was loaded
 */
export function stringsOf(language: Language): Strings {
  const [any] = loaded.values();
  const strings = loaded.get(language) ?? any;
  if (strings === undefined) throw new TypeError('No language was loaded');
  return strings;
}

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
  return Object.hasOwn(LANGUAGE_NAMES, text);
}
