import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { debianRoot, repo } from '../places.ts';

/** Begins a command line that runs in a network namespace of its own; a normal user has it in a user namespace. */
export const inNewNetwork: readonly string[] = [
  'unshare',
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  '--net',
  '--',
];

/** What the tests' routers are made of. */
const RULES = `*nat
-A POSTROUTING -p udp -j MASQUERADE --random-fully
COMMIT
*filter
-A FORWARD -m statistic --mode random --probability 0.05 -j DROP
-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
COMMIT
`;

/** Why networks with routers can't be made here, in words, or `undefined` where they can. */
export function whyNoNetworks(): string | undefined {
  const [unshare = '', ...args] = inNewNetwork;
  if (spawnSync(unshare, [...args, 'true']).status !== 0) return 'this machine allows no network namespaces';
  const iptables = ['/usr/sbin/iptables-nft-restore'];
  const enter = ['/bin/sh', join(repo, 'asterisk/lab/enter.sh'), debianRoot, repo, repo, ...iptables];
  const done = spawnSync(unshare, [...args, ...enter], {
    input: RULES,
    env: { ...process.env, ENTER_CAPABILITIES: '+net_admin,+net_raw' },
  });
  return done.status === 0 ? undefined : 'this kernel has no NAT for iptables';
}
