import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { debianRoot, repo } from '../../../asterisk/lab/places.ts';

/** A network of its own on this machine (network_namespaces(7)), which lives as long as a process in it does. */
export class Namespace {
  readonly pid: number;

  /** @param pid of a process in it */
  constructor(pid: number) {
    this.pid = pid;
  }

  /** Where the kernel shows it. */
  get path(): string {
    return `/proc/${this.pid}/ns/net`;
  }

  /** Runs a line of iproute2: `ip('address', 'add', …)`. */
  async ip(...words: readonly string[]): Promise<void> {
    await this.#run('/usr/bin/ip', words, '');
  }

  /** Replaces the rules of the tables that are named, in the form of iptables-save(8). */
  async setRules(rules: string): Promise<void> {
    await this.#run('/usr/sbin/iptables-nft-restore', [], rules);
  }

  /** How many packets each rule of a chain has seen, in the order of the rules. */
  async packets(chain: string): Promise<readonly number[]> {
    const listing = await this.#run('/usr/sbin/iptables-nft', ['-L', chain, '-v', '-n', '-x'], '');
    return listing
      .split('\n')
      .slice(2)
      .filter((line) => line !== '')
      .map((line) => Number(line.trim().split(/\s+/)[0]));
  }

  /** Lets it pass on packets that are for others. */
  async forward(): Promise<void> {
    await this.#inside(['/bin/sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward'], '');
  }

  /** Whether somebody accepts TCP connections at an address, as seen from here. */
  async reaches(address: string, port: number): Promise<boolean> {
    const script = `require('node:net').connect(${port}, '${address}').on('connect', () => process.exit(0)).on('error', () => process.exit(7))`;
    return this.#inside([process.execPath, '-e', script], '').then(
      () => true,
      () => false,
    );
  }

  #run(program: string, args: readonly string[], input: string): Promise<string> {
    const enter = join(repo, 'asterisk/lab/enter.sh');
    return this.#inside(['/bin/sh', enter, debianRoot, repo, repo, program, ...args], input);
  }

  async #inside(command: readonly string[], input: string): Promise<string> {
    const child = spawn('nsenter', [`--net=${this.path}`, '--', ...command], {
      env: {
        ...process.env,
        ENTER_CAPABILITIES: '+net_admin,+net_raw,+sys_admin,+sys_ptrace',
        XTABLES_LOCKFILE: `/tmp/xtables.${this.pid}`,
      },
    });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => said.push(bytes));
    // A program that reads nothing may be gone before this is written.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code] = await once(child, 'close');
    const text = Buffer.concat(said).toString();
    if (code !== 0) throw new Error(`${command.join(' ')} failed (${code}): ${text}${input}`);
    return text;
  }
}

/** The namespace of this very process. */
export const ownNamespace = new Namespace(process.pid);

/** A new namespace, with nothing in it but a loopback that is up, and the process that keeps it: it goes with us. */
export async function makeNamespace(): Promise<{ namespace: Namespace; keeper: ChildProcess }> {
  const keeper = spawn(
    'setpriv',
    ['--pdeathsig', 'SIGTERM', '--', 'unshare', '--net', 'sh', '-c', 'echo; exec cat'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  await once(keeper.stdout, 'data');
  if (keeper.pid === undefined) throw new Error('no process for a network namespace');
  const namespace = new Namespace(keeper.pid);
  await namespace.ip('link', 'set', 'lo', 'up');
  return { namespace, keeper };
}
