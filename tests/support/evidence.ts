import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repo } from '../../asterisk/lab/places.ts';
import { AsteriskConsole } from './asterisk.ts';
import type { Phone } from './phone.ts';

const LOGS = ['log/gateway.log', 'log/gateway/gateway.log', 'log/pstn.log', 'log/server.log'];

/** Where each log of the lab ends now; what comes after is of the test that begins. */
export async function markLogs(data: string): Promise<ReadonlyMap<string, number>> {
  const sizes = LOGS.map(async (log): Promise<[string, number]> => {
    const { size } = await stat(join(data, log)).catch(() => ({ size: 0 }));
    return [log, size];
  });
  return new Map(await Promise.all(sizes));
}

/** Asked of the page: what the browser counts of each call's media. */
const STATISTICS = `(async () => {
  const calls = document.querySelector('soft-phone')?.phone.calls ?? [];
  const peers = calls.flatMap(({ media }) => (media === undefined ? [] : [media.peerConnection]));
  const reports = await Promise.all(peers.map((peer) => peer.getStats()));
  return JSON.stringify(reports.map((report) => [...report.values()]), undefined, 1);
})()`;

/** What a phone says, and the last of what its page complained about: enough for a first guess where files can't be had. */
export async function wordsOf({ page, consoleLines }: Phone): Promise<string> {
  const said = await page
    .getByRole('status')
    .allInnerTexts()
    .catch(() => ['(its page is gone)']);
  return [`says: ${said.join(' | ')}`, ...consoleLines.slice(-3)].join('\n  ');
}

/**
 * Keeps what tells why a test failed: a screenshot, the SIP trace, the console and the media statistics of each phone,
 * the channels of both Asterisks, and what the lab's programs logged meanwhile.
 * @returns the directory
 */
export async function keepEvidence(
  test: string,
  phones: readonly Phone[],
  data: string,
  logsBefore: ReadonlyMap<string, number>,
): Promise<string> {
  const name = `${new Date().toISOString().replaceAll(':', '-')} ${test.replaceAll(/[^\p{L}\d]+/gu, ' ').slice(0, 80)}`;
  const directory = join(repo, '.handset/test/failed', name);
  await mkdir(directory, { recursive: true });
  const keep = (file: string, text: string | Buffer) => writeFile(join(directory, file), text);
  for (const [i, phone] of phones.entries()) {
    const screenshot = await phone.page.screenshot().catch(() => undefined);
    if (screenshot !== undefined) await keep(`phone-${i + 1}.png`, screenshot);
    await keep(`phone-${i + 1}.sip.txt`, String(phone.trace));
    await keep(`phone-${i + 1}.console.txt`, phone.consoleLines.join('\n'));
    const statistics = await phone.page.evaluate(STATISTICS).catch(String);
    await keep(`phone-${i + 1}.media.json`, String(statistics));
  }
  for (const part of ['gateway', 'pstn'] as const) {
    const console = new AsteriskConsole(data, part);
    const said = ['core show channels', 'pjsip show channelstats'].map((command) => console.run(command));
    await keep(`${part}-channels.txt`, (await Promise.all(said).catch(String)).toString());
  }
  for (const [log, from] of logsBefore) {
    const text = await readFile(join(data, log)).catch(() => undefined);
    if (text !== undefined) await keep(log.replaceAll('/', '-'), text.subarray(from));
  }
  return directory;
}
