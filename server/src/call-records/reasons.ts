/** Why calls end: the dialplan's reasons (`asterisk/gateway/extensions.conf`), each for operators. */
const WORDS: Readonly<Record<string, string>> = {
  completed: 'It was answered, and one side ended it.',
  cancelled: 'The caller gave up before anybody answered.',
  busy: 'The called side was busy.',
  'no-answer': 'Nobody answered.',
  unavailable: 'No phone that it should have rung could be reached.',
  declined: 'The called side declined.',
  rejected: 'The called side refused it by a status of its own.',
  'number-not-found': 'The number is not in service.',
  'number-invalid': 'What was dialled can be no number.',
  'not-permitted': 'The policy does not permit the caller this number.',
  'no-caller-id': 'The caller has no number of their own.',
  'too-many-calls': 'The caller had as many calls up as the policy allows.',
  'calling-too-fast': 'More calls were made within a minute than a limit allows.',
  'minutes-used-up': 'The minutes of the last 24 hours were used up.',
  'spend-used-up': 'The spend of the last 24 hours was used up.',
  'no-rate': 'The number has no rate, and spend is limited.',
  'lines-busy': 'As many calls were up in all, or on the trunks, as a limit allows.',
  'trunk-failed': 'No trunk took it.',
  'admission-unavailable': 'The server did not say in time whether it may go out.',
  'database-unavailable': 'The gateway could not read the database.',
};

/** @returns what a reason means; null where the call has none, or one of another version */
export function inWords(reason: string | null): string | null {
  return (reason === null ? undefined : WORDS[reason]) ?? null;
}
