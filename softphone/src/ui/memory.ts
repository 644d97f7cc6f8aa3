/** What a person chose in this browser. Storage may be forbidden: then nothing is remembered. */
type Choice = 'language' | 'third-call' | 'notifications';

/** @returns what was chosen, or `null` */
export function remembered(choice: Choice): string | null {
  try {
    return localStorage.getItem(`handset.${choice}`);
  } catch {
    return null;
  }
}

export function remember(choice: Choice, value: string): void {
  try {
    localStorage.setItem(`handset.${choice}`, value);
  } catch {
    // As said above.
  }
}
