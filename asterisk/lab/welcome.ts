import type { Lab } from './lab.ts';

const TEST_NUMBERS = [
  ['+1 202 555 0100', 'answers, echoes'],
  ['+1 202 555 0101', 'answers, 1004 Hz tone'],
  ['+1 202 555 0102', 'busy'],
  ['+1 202 555 0103', 'rings, never answers'],
  ['+1 202 555 0104', 'an announcement, then: no such number'],
  ['+1 202 555 0105', 'answers, sends back each digit'],
  ['+1 202 555 0106', 'answers, hangs up after 3 s'],
  ['+1 202 555 0107', 'declines, then calls you back'],
  ['+1 202 555 0108', 'a failing trunk'],
  ['any other', 'rings, answers, speaks the digits dialled'],
] as const;

/** What `npm start` prints once all is up: how to sign in and what to dial; and once the operator's first API key. */
export function welcome({ description, data, isNew }: Pick<Lab, 'description' | 'data' | 'isNew'>): string {
  const users = description.users.map(
    ({ login, password, extension, number }) =>
      `    ${login.padEnd(8)} ${password}    extension ${extension}, number ${number}\n`,
  );
  const numbers = TEST_NUMBERS.map(([number, what]) => `    ${number.padEnd(17)} ${what}\n`);
  const [first] = description.users;
  return [
    `\n  Handset is up: ${description.url}\n\n  Sign in as\n`,
    ...users,
    '\n  and dial\n',
    ...numbers,
    `\n  To be called, in another terminal: npm run ring -- ${first?.number ?? ''}\n`,
    ...(isNew ? [firstKey(description.apiKey, `${data}/secrets.json`)] : []),
    `  Logs: ${data}/log · Ctrl-C stops everything.\n\n`,
  ].join('');
}

/** @param file where it stands from then on */
export function firstKey(apiKey: string, file: string): string {
  return `\n  The first API key, which may do all. It is shown this once, and stands in ${file}:\n    ${apiKey}\n\n`;
}
