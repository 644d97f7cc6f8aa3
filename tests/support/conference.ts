import type { Carrier } from './asterisk.ts';
import { FIRST_PITCH, MILLIWATT_HERTZ, SECOND_PITCH } from './e2e.ts';
import type { Person } from './operator.ts';
import type { Phone } from './phone.ts';

/** Answers with the 1004 Hz tone, and as the phone writes it. */
export const TONE = { dialled: '+12025550101', shown: '(202) 555-0101' };
/** Answers with an echo. */
export const ECHO = '+12025550100';
/** Says nothing, but listens. An echo would have each phone's echo cancellation at work. */
export const QUIET = { dialled: '+12025550105', shown: '(202) 555-0105' };

/** Somebody with a phone that is ready. */
interface SignedIn {
  readonly person: Person;
  readonly phone: Phone;
}

/** Ada speaks with an outside number that gives the 1004 Hz tone, asks a colleague, and merges the two. */
export async function merged(ada: SignedIn, minji: SignedIn): Promise<void> {
  await ada.phone.call(TONE.dialled);
  await ada.phone.hears(MILLIWATT_HERTZ);
  await ada.phone.addCall(minji.person.extension);
  await minji.phone.answer();
  await ada.phone.hears(SECOND_PITCH);
  await ada.phone.button('Merge').click();
  await ada.phone.button('Leave').waitFor();
}

/** All three hear the two others. */
export async function allHearEachOther(ada: SignedIn, minji: SignedIn, carrier: Carrier): Promise<void> {
  await Promise.all([
    ada.phone.hearsMixOf(MILLIWATT_HERTZ, SECOND_PITCH),
    minji.phone.hearsMixOf(MILLIWATT_HERTZ, FIRST_PITCH),
    carrier.hearsMixOf(ada.person.number, [FIRST_PITCH, SECOND_PITCH], TONE.dialled),
  ]);
}

/** Ada, and Minji in a browser of her own. */
export const both = (signedIn: (options?: object) => Promise<SignedIn>) =>
  Promise.all([signedIn(), signedIn({ browser: 'second', name: 'Minji' })]);
