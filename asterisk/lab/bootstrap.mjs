// The way in on any Node from 18 on, before anything is installed: brings Node 24 and the packages,
// then hands over to cli.ts. Plain JavaScript with no dependency, for that reason.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_WANTED = 24;
// The binary itself: the package `node` would fetch it in an install script, which newer npm does not run.
const NODE_BINARY = `node-linux-${process.arch}`;
const INSTALL = '--install';
const repo = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const tools = join(repo, '.handset', 'tools');

/** Says what stands in the way and how to go on, and ends. */
function fail(sentence) {
  process.stderr.write(`\nhandset: ${sentence}\n`);
  process.exit(1);
}

/** Runs a set-up step; its output is shown only when it fails. */
function step(title, command, args, options) {
  process.stdout.write(`  ${title} …`);
  const started = Date.now();
  const done = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (done.error !== undefined || done.status !== 0) {
    process.stdout.write(' failed\n');
    process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
    fail(`${title} failed. Look whether the npm registry can be reached, then run the command again.`);
  }
  process.stdout.write(` ${((Date.now() - started) / 1000).toFixed(1)} s\n`);
}

const ownNode = join(tools, 'node', 'node_modules', NODE_BINARY, 'bin', 'node');
const isNewEnough = Number(process.versions.node.split('.')[0]) >= NODE_WANTED;
/** The Node to go on with: this one if it is new enough, else one of our own from the npm registry. */
const node = isNewEnough ? process.execPath : ownNode;
const packagesStamp = join(repo, 'node_modules', '.handset-installed');

/** What `npm ci` was done for: just this lock file with just this Node. */
function packagesWanted() {
  return createHash('sha256')
    .update(readFileSync(join(repo, 'package-lock.json')))
    .update(node)
    .digest('hex');
}

const hasNode = () => isNewEnough || spawnSync(ownNode, ['--version']).status === 0;
const hasPackages = () =>
  existsSync(packagesStamp) && readFileSync(packagesStamp, 'utf8') === packagesWanted();

function install() {
  if (!hasNode()) {
    const home = join(tools, 'node');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
    const args = [
      'install',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--prefix',
      home,
      `${NODE_BINARY}@${NODE_WANTED}`,
    ];
    step(`Node ${NODE_WANTED} (this machine has ${process.version})`, 'npm', args, { cwd: home });
  }
  if (!hasPackages()) {
    const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` };
    step('Packages (npm ci)', 'npm', ['ci', '--no-audit', '--no-fund'], { cwd: repo, env });
    writeFileSync(packagesStamp, packagesWanted());
  }
}

/** Installs under a lock, so that two commands started at once in a new checkout don't meet. */
function installLocked() {
  mkdirSync(tools, { recursive: true });
  const again = [join(tools, 'install.lock'), process.execPath, fileURLToPath(import.meta.url), INSTALL];
  const done = spawnSync('flock', again, { stdio: 'inherit' });
  if (done.error !== undefined)
    fail('`flock` (Debian package util-linux) is missing. Install it, or use `docker compose up`.');
  if (done.status !== 0) process.exit(done.status ?? 1);
}

/** Runs cli.ts as a child and passes signals on; ends with it, or when whoever started us is gone. */
function handOver() {
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}`, NODE_NO_WARNINGS: '1' };
  const child = spawn(node, [join(repo, 'asterisk', 'lab', 'cli.ts'), ...process.argv.slice(2)], {
    cwd: repo,
    env,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1000).unref();
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

if (process.platform !== 'linux') fail('the native lab runs on Linux only. Use `docker compose up` here.');
if (process.argv[2] === INSTALL) {
  install();
} else {
  if (!hasNode() || !hasPackages()) installLocked();
  handOver();
}
