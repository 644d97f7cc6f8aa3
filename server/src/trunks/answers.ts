import { setTimeout as delay } from 'node:timers/promises';
import { hostContact, type TrunkHost } from '@handset/gateway-config';
import { sure } from '../gateway/sure.ts';
import type { HostHealth } from '../gateway/trunks.ts';
import type { Finding } from './finding.ts';
import type { OptionsAnswer } from './options.ts';
import type { StoredTrunk } from './stored.ts';

/** What the gateway is asked; each is `undefined` where it can't be asked. */
export interface OptionsQuestions {
  hostHealth(trunkId: string, contact: string): Promise<HostHealth | undefined>;
  askHosts(trunkId: string): Promise<boolean | undefined>;
}

/** Has the server itself ask a host of a trunk. */
export type AskHost = (settings: StoredTrunk['settings'], host: TrunkHost) => Promise<OptionsAnswer>;

/** The gateway gives up an OPTIONS after 3 s; in ms, with some to spare. */
const WITHIN_MS = 3_500;
const LOOK_EVERY_MS = 100;

/**
 * Whether hosts of a trunk answer OPTIONS: the gateway's, which is what calls depend on; and the server's own, which
 * tells the status.
 * @param hosts those whose names are known
 * @throws Problem `gateway-unavailable`
 */
export async function findAnswers(
  gateway: OptionsQuestions,
  ask: AskHost,
  { row, settings }: StoredTrunk,
  hosts: readonly TrunkHost[],
): Promise<Finding[]> {
  const own = hosts.map((host) => ask(settings, host));
  if (settings.optionsIntervalSeconds === 0) {
    const answers = await Promise.all(own);
    return answers.map((answer, index) => finding(hosts[index], unasked(answer)));
  }
  const health = async (host: TrunkHost) =>
    sure(await gateway.hostHealth(row.id, hostContact(host, settings.transport)));
  const before = await Promise.all(hosts.map(health));
  sure(await gateway.askHosts(row.id));
  return Promise.all(
    hosts.map(async (host, index) => {
      const now = await newHealth(() => health(host), before[index]);
      return finding(host, asked(now, (await own[index]) ?? SILENT));
    }),
  );
}

const SILENT: OptionsAnswer = { status: null, why: 'Nothing came back.' };

/** @param before what was known until now: the same round trip to the microsecond is an old answer */
async function newHealth(ask: () => Promise<HostHealth>, before?: HostHealth): Promise<HostHealth> {
  const until = Date.now() + WITHIN_MS;
  const isNew = (now: HostHealth) =>
    now.health === 'answers' && (before?.health !== 'answers' || now.roundTripMs !== before.roundTripMs);
  let now = await ask();
  while (!isNew(now) && Date.now() < until) {
    await delay(LOOK_EVERY_MS);
    now = await ask();
  }
  return now;
}

type Found = Pick<Finding, 'works' | 'words'>;

const finding = (host: TrunkHost | undefined, found: Found): Finding => ({
  check: 'answers',
  host: host?.host ?? null,
  ...found,
});

function asked({ health, roundTripMs }: HostHealth, own: OptionsAnswer): Found {
  if (health !== 'answers') return { works: false, words: `${UNANSWERED} ${ownInWords(own)}` };
  const within = `It answered an OPTIONS within ${Math.max(1, Math.round(roundTripMs ?? 0))} ms`;
  if (own.status === null) return { works: true, words: `${within}.` };
  const { works, hint } = meaningOf(own.status);
  return { works, words: `${within}, with ${statusOf(own)}${hint}.` };
}

const UNANSWERED =
  'It left an OPTIONS of the gateway’s unanswered for three seconds: the port, the transport or a firewall may be wrong, or the carrier does not know this address of ours.';

function ownInWords(own: OptionsAnswer): string {
  if (own.status === null) return `The server asked, too: ${own.why}`;
  return `The server, from another port, was answered with ${statusOf(own)}.`;
}

/** The gateway sends none. */
function unasked(own: OptionsAnswer): Found {
  const gets = 'It gets no OPTIONS from the gateway: optionsIntervalSeconds is 0.';
  if (own.status === null) return { works: null, words: `${gets} The server asked once: ${own.why}` };
  const { works, hint } = meaningOf(own.status);
  return { works, words: `${gets} The server asked once and was answered with ${statusOf(own)}${hint}.` };
}

const statusOf = ({ status, phrase }: Extract<OptionsAnswer, { status: number }>) =>
  phrase === '' ? String(status) : `${status} ${phrase}`;

/** What a status says of a carrier: any answer shows that it is there, and some that it may take no calls. */
function meaningOf(status: number): { works: boolean | null; hint: string } {
  if (status === 403)
    return { works: null, hint: ': it may not know this address of ours, or take no OPTIONS' };
  if (status === 401 || status === 407) return { works: true, hint: ': it asks for a password' };
  if (status >= 500) return { works: null, hint: ': it may take no calls now' };
  return { works: true, hint: '' };
}
