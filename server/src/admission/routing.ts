import { attemptOn, type EmergencyTrunk, type Attempt as SipAttempt } from '@handset/gateway-config';

/** A trunk as it is at one moment: what it is for, and what is on it. */
export interface RoutableTrunk extends EmergencyTrunk {
  readonly name: string;
  /** Those of its hosts that left their last OPTIONS unanswered, by their place in `hosts`. */
  readonly silentHosts: readonly number[];
  readonly priority: number;
  readonly weight: number;
  /** Beginnings of the numbers that it takes; all where empty. */
  readonly prefixes: readonly string[];
  readonly channelLimit: number | null;
  readonly callsPerSecond: number | null;
  /** Calls that are on it, and those given to it in the last second. */
  readonly callsUp: number;
  readonly callsLastSecond: number;
  readonly progressSeconds: number;
}

/** One attempt, as the gateway makes it. */
export interface Attempt extends SipAttempt {
  /** Seconds that it may be silent before the next one; 0 where there is none. */
  readonly progressSeconds: number;
  /** Whether the gateway has to ask for a place on this trunk before: the call has one on another trunk. */
  readonly ask: boolean;
}

export interface Routing {
  readonly attempts: readonly Attempt[];
  /** Whether there would be attempts, were it not for limits. */
  readonly isFull: boolean;
  readonly because: readonly string[];
}

/** What is to be sent where. */
export interface RoutedCall {
  readonly number: string;
  readonly callerId: string;
  /** No trunk's limits hold for it, and each takes it, in the worst case. */
  readonly emergency: boolean;
  /** Decides among trunks of the same priority: the same seed decides the same. */
  readonly seed: number;
}

/**
 * The attempts at a call in their order: of the trunks that take the number, those that answer OPTIONS first; the one
 * with the most specific prefix before others; then by priority, and by chance among equals, as their weights say. A
 * trunk whose limits are reached is left out. Hosts that are silent come at the very end: an OPTIONS may be filtered
 * where a call is not. Pure.
 */
export function route(call: RoutedCall, trunks: readonly RoutableTrunk[]): Routing {
  const taking = trunks.filter((trunk) => call.emergency || specificity(call.number, trunk) !== undefined);
  const limits = taking.map((trunk) => ({ trunk, full: call.emergency ? undefined : fullness(trunk) }));
  const free = limits.filter(({ full }) => full === undefined).map(({ trunk }) => trunk);
  const ordered = order(call, free);
  const hosts = hostsInOrder(ordered);
  const attempts = hosts.map(({ trunk, host }, index) => {
    const previous = hosts[index - 1]?.trunk ?? trunk;
    return {
      ...attemptOn(trunk, host, call),
      progressSeconds: index === hosts.length - 1 ? 0 : trunk.progressSeconds,
      ask: !call.emergency && trunk !== previous && (isLimited(trunk) || isLimited(previous)),
    };
  });
  const full = limits.flatMap(({ trunk, full }) => (full === undefined ? [] : [`${trunk.name} ${full}`]));
  const because = [...full, ...ordered.map((trunk) => words(call.number, trunk))];
  return {
    attempts,
    isFull: attempts.length === 0 && full.length > 0,
    because: because.length > 0 ? because : ['no trunk takes this number'],
  };
}

/** How many digits of the number a trunk's best prefix has; `undefined` where it does not take the number. */
function specificity(number: string, { prefixes }: RoutableTrunk): number | undefined {
  if (prefixes.length === 0) return 0;
  const fitting = prefixes.filter((prefix) => number.startsWith(prefix)).map(({ length }) => length);
  return fitting.length === 0 ? undefined : Math.max(...fitting);
}

/** Why a trunk takes no more calls; `undefined` where it does. */
export function fullness(
  trunk: Pick<RoutableTrunk, 'channelLimit' | 'callsPerSecond' | 'callsUp' | 'callsLastSecond'>,
): string | undefined {
  const { channelLimit, callsPerSecond, callsUp, callsLastSecond } = trunk;
  if (channelLimit !== null && callsUp >= channelLimit) return `has ${callsUp} of ${channelLimit} calls up`;
  if (callsPerSecond !== null && callsLastSecond >= callsPerSecond) {
    return `was given ${callsLastSecond} of ${callsPerSecond} calls in the last second`;
  }
  return undefined;
}

function isLimited({ channelLimit, callsPerSecond }: RoutableTrunk): boolean {
  return channelLimit !== null || callsPerSecond !== null;
}

const isSilent = ({ hosts, silentHosts }: RoutableTrunk) => silentHosts.length >= hosts.length;

function order({ number, seed }: RoutedCall, trunks: readonly RoutableTrunk[]): RoutableTrunk[] {
  const ranks = Map.groupBy(trunks, (trunk) =>
    JSON.stringify([isSilent(trunk) ? 1 : 0, -(specificity(number, trunk) ?? -1), trunk.priority]),
  );
  const byRank = [...ranks].map(([rank, members]) => ({ rank: JSON.parse(rank) as number[], members }));
  byRank.sort((a, b) => a.rank.map((part, i) => part - (b.rank[i] ?? 0)).find((by) => by !== 0) ?? 0);
  const random = numbersFrom(seed);
  return byRank.flatMap(({ members }) => drawn(members, random));
}

/** Draws one after the other, each as likely as its weight among those that are left. */
function drawn(members: readonly RoutableTrunk[], random: () => number): RoutableTrunk[] {
  const left = [...members];
  const order: RoutableTrunk[] = [];
  while (left.length > 1) {
    let point = random() * left.reduce((sum, { weight }) => sum + weight, 0);
    const index = left.findIndex(({ weight }) => {
      point -= weight;
      return point < 0;
    });
    order.push(...left.splice(index === -1 ? left.length - 1 : index, 1));
  }
  return [...order, ...left];
}

/** Numbers from 0 to 1 that look random (a linear congruential generator, modulo 2³²). */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function hostsInOrder(trunks: readonly RoutableTrunk[]) {
  const all = trunks.flatMap((trunk) =>
    trunk.hosts.map((host, index) => ({ trunk, host, silent: trunk.silentHosts.includes(index) })),
  );
  return [...all.filter(({ silent }) => !silent), ...all.filter(({ silent }) => silent)];
}

function words(number: string, trunk: RoutableTrunk): string {
  const digits = specificity(number, trunk) ?? 0;
  return [
    `${trunk.name} has priority ${trunk.priority}`,
    ...(digits > 0 ? [`is for ${number.slice(0, digits)}`] : []),
    ...(isSilent(trunk) ? ['does not answer OPTIONS'] : []),
  ].join(', ');
}
