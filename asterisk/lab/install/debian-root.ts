import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { assertDebianLike, SetupError, tools } from '../places.ts';
import { step } from '../progress.ts';
import { findDebootstrap } from './debootstrap.ts';
import { run } from './run.ts';

/** A private Debian root: packages unpacked into a directory, touching nothing of the host. */
export interface DebianRoot {
  readonly directory: string;
  readonly title: string;
  readonly packages: readonly string[];
  /** Free disk that the installation needs, in MB. */
  readonly megabytes: number;
}

const SUITE = 'forky';
const RECIPE = '1';

/** Whether the root is complete and holds just these packages. */
export async function isInstalled(root: DebianRoot): Promise<boolean> {
  const stamp = stampOf(root.directory);
  return existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted(root);
}

/**
 * Makes the root. It is built beside its place and moved there when complete: an interrupted run leaves
 * nothing half-installed, and the next one takes up the downloads and unpacked packages where they ended.
 * @throws SetupError when the machine can't have one, with the way out
 */
export async function installDebianRoot(root: DebianRoot): Promise<void> {
  assertDebianLike();
  await assertRoomFor(root);
  const partial = `${root.directory}.partial`;
  await step(`${root.title}: download`, (report) =>
    download(root.packages, join(tools, 'debs', basename(root.directory)), report),
  );
  await step(`${root.title}: unpack`, (report) =>
    unpack(join(tools, 'debs', basename(root.directory)), partial, report),
  );
  await finish(partial);
  await writeFile(stampOf(partial), wanted(root));
  await rm(root.directory, { recursive: true, force: true });
  await rename(partial, root.directory);
  await rm(join(tools, 'debs', basename(root.directory)), { recursive: true, force: true });
}

const stampOf = (directory: string) => join(directory, '.handset-root');
const wanted = (root: DebianRoot) => `${RECIPE} ${SUITE} ${root.packages.join(' ')}\n`;

async function assertRoomFor(root: DebianRoot): Promise<void> {
  await mkdir(tools, { recursive: true });
  const { bavail, bsize } = await statfs(tools);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < root.megabytes) {
    throw new SetupError(
      `${tools} has ${free} MB free, and ${root.title} needs ${root.megabytes} MB. Make room, or put the checkout on a larger disk.`,
    );
  }
}

/** Lets debootstrap work out and fetch the packages; it checks their signatures, and skips those it has. */
async function download(
  packages: readonly string[],
  into: string,
  report: (howFar: string) => void,
): Promise<void> {
  const debootstrap = await findDebootstrap();
  await mkdir(into, { recursive: true });
  const args = [
    '--download-only',
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    SUITE,
    into,
    '',
    debootstrap.script,
  ];
  let fetched = 0;
  await run(debootstrap.command, args, {
    env: debootstrap.env,
    onLine: (line) => {
      if (line.startsWith('I: Retrieving ')) report(`${++fetched} packages, ${line.split(' ')[2]}`);
    },
  });
}

async function unpack(debs: string, into: string, report: (howFar: string) => void): Promise<void> {
  const archives = join(debs, 'var', 'cache', 'apt', 'archives');
  const all = (await readdir(archives)).filter((file) => file.endsWith('.deb'));
  const record = `${into}.unpacked`;
  await mkdir(into, { recursive: true });
  const before = new Set(existsSync(record) ? (await readFile(record, 'utf8')).split('\n') : []);
  // base-files brings the links of the merged /usr (bin → usr/bin, …) that all others unpack through.
  const rest = all
    .filter((file) => !before.has(file))
    .sort((a, b) => Number(b.startsWith('base-files_')) - Number(a.startsWith('base-files_')));
  const first = rest.shift();
  let unpacked = all.length - rest.length;
  const unpackOne = async (file: string) => {
    await run('dpkg-deb', ['--extract', join(archives, file), into]);
    await appendFile(record, `${file}\n`);
    report(`${++unpacked} of ${all.length} packages`);
  };
  if (first !== undefined) await unpackOne(first);
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let file = rest.shift(); file !== undefined; file = rest.shift()) await unpackOne(file);
    }),
  );
  await rm(record, { force: true });
}

/** What the packages' own scripts would have set up, as far as the programs need it. */
async function finish(root: string): Promise<void> {
  const hosts = ['127.0.0.1 localhost', '::1 localhost ip6-localhost'];
  const files: Readonly<Record<string, string>> = {
    'etc/passwd':
      'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
    'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
    'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
    'etc/resolv.conf': '',
    // Asterisk looks its own host name up in every call: without an entry it waits seconds for the DNS.
    'etc/hosts': `${hosts.join('\n')}\n`,
  };
  for (const [file, text] of Object.entries(files)) {
    await rm(join(root, file), { force: true });
    await writeFile(join(root, file), text);
  }
  for (const mountPoint of ['handset', 'page', 'proc', 'sys', 'dev', 'tmp'])
    await mkdir(join(root, mountPoint), { recursive: true });
  await run('ldconfig', ['-r', root]);
}
