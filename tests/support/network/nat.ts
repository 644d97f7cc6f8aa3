import type { Namespace } from './namespace.ts';

/** The interfaces of the router between the browser's network and the gateway's. */
export const LAN = 'lan';
export const WAN = 'wan';

/** What the router lets through, and as what. */
export type Path = 'open' | 'port-restricted' | 'symmetric' | 'no-udp' | 'https-only';

/**
 * Answers come back, nothing else comes in: filtering by address and port (RFC 4787 §5). Nor does the router take it for
 * itself: the kernel would then know a connection there, and give the browser's own one to that far end another port.
 */
const NOTHING_UNASKED = [
  '-A INPUT -i wan -j DROP',
  '-A FORWARD -i wan -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
  '-A FORWARD -i wan -j DROP',
];

const FILTERS: Readonly<Record<Path, readonly string[]>> = {
  open: [],
  'port-restricted': NOTHING_UNASKED,
  symmetric: NOTHING_UNASKED,
  'no-udp': ['-A FORWARD -p udp -j DROP', ...NOTHING_UNASKED],
  'https-only': [
    '-A FORWARD -i lan -p tcp --dport 443 -j ACCEPT',
    '-A FORWARD -i lan -j DROP',
    ...NOTHING_UNASKED,
  ],
};

/**
 * The first keeps a browser's port wherever it sends to (endpoint-independent mapping, RFC 4787 §4.1); the second
 * gives it another one for each far end.
 */
const KEEPS_PORT = '-A POSTROUTING -o wan -j MASQUERADE';
const NEW_PORT_EACH = '-A POSTROUTING -o wan -p udp -j MASQUERADE --random-fully';

const TRANSLATIONS: Readonly<Record<Path, readonly string[]>> = {
  open: [],
  'port-restricted': [KEEPS_PORT],
  symmetric: [NEW_PORT_EACH, KEEPS_PORT],
  'no-udp': [KEEPS_PORT],
  'https-only': [KEEPS_PORT],
};

/** Makes the router one of a kind. */
export async function setPath(router: Namespace, path: Path): Promise<void> {
  await router.setRules(table('filter', FILTERS[path]) + table('nat', TRANSLATIONS[path]));
}

/** An open path that loses packets at random, each way. @param share from 0 to 1 */
export async function setLoss(router: Namespace, share: number): Promise<void> {
  const loses = (from: string) => [
    `-A FORWARD -i ${from} -m statistic --mode random --probability ${share} -j DROP`,
    `-A FORWARD -i ${from} -j ACCEPT`,
  ];
  await router.setRules(table('filter', [...loses(WAN), ...loses(LAN)]) + table('nat', []));
}

/** The share of packets towards the browser that the path has lost since {@link setLoss}. */
export async function lossSoFar(router: Namespace): Promise<number> {
  const [lost = 0, passed = 0] = await router.packets('FORWARD');
  return lost / (lost + passed);
}

const CHAINS = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
} as const;

function table(name: keyof typeof CHAINS, rules: readonly string[]): string {
  return [`*${name}`, ...CHAINS[name].map((chain) => `:${chain} ACCEPT [0:0]`), ...rules, 'COMMIT', ''].join(
    '\n',
  );
}
