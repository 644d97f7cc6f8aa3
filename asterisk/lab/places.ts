import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Settings } from '@handset/gateway-config';

/** The checkout. */
export const repo = resolve(import.meta.dirname, '..', '..');
/** What is installed for this checkout, shared by all its labs. */
export const tools = join(repo, '.handset', 'tools');
/** The private Debian root with the gateway, the carrier, coturn, Caddy and SIPp. */
export const debianRoot = join(tools, 'debian');
/** The private Debian root with Chromium, for the tests. */
export const browserRoot = join(tools, 'browser');
/** The private Debian root with Firefox, for the tests. */
export const firefoxRootDirectory = join(tools, 'firefox');
/** The private Debian root with PulseAudio, for tests that plug and unplug sound devices. */
export const soundRootDirectory = join(tools, 'sound');
/** The private Debian root with PostgreSQL, for the tests. */
export const postgresRoot = join(tools, 'postgres');
/** The built page. */
export const pageDirectory = join(repo, 'softphone', 'dist');

/** The data directory as an absolute path. */
export function dataDirectory(settings: Settings): string {
  return resolve(repo, settings.HANDSET_DATA);
}

/** Something that the person at the terminal can mend; its message is one clear sentence with the way out. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** @throws SetupError when the roots can't be entered here: neither root nor user namespaces. */
export function assertDebianLike(): void {
  if (!existsSync('/usr/bin/dpkg-deb') || !existsSync('/usr/bin/apt-get')) {
    throw new SetupError(
      'This is not a Debian-like system (no apt-get and dpkg-deb). Use `docker compose up` here.',
    );
  }
}
