import {
  browserRoot,
  debianRoot,
  firefoxRootDirectory,
  postgresRoot,
  soundRootDirectory,
} from '../places.ts';
import type { DebianRoot } from './debian-root.ts';

/** Everything that the lab runs, but for the server; and iproute2 and iptables, with which tests make networks. */
export const labRoot: DebianRoot = {
  directory: debianRoot,
  title: 'Asterisk, coturn, Caddy, HAProxy and SIPp',
  packages: [
    'asterisk',
    'asterisk-core-sounds-en-wav',
    'asterisk-core-sounds-en-gsm',
    'caddy',
    'ca-certificates',
    'coturn',
    'haproxy',
    'iproute2',
    'iptables',
    'libsqliteodbc',
    'odbc-postgresql',
    'unixodbc',
    'sip-tester',
  ],
  megabytes: 1000,
};

/** Chromium, with fonts for both languages of the page. */
export const chromiumRoot: DebianRoot = {
  directory: browserRoot,
  title: 'Chromium',
  packages: ['chromium', 'fonts-dejavu-core', 'fonts-nanum', 'ca-certificates'],
  megabytes: 1500,
};

/** Sound devices that tests can plug and unplug. Without it a machine has none that a browser could choose from. */
export const soundRoot: DebianRoot = {
  directory: soundRootDirectory,
  title: 'PulseAudio',
  packages: ['pulseaudio', 'pulseaudio-utils'],
  megabytes: 500,
};

/** PostgreSQL, for the tests of the server on it; a lab uses one that is there. */
export const databaseRoot: DebianRoot = {
  directory: postgresRoot,
  title: 'PostgreSQL',
  packages: ['postgresql-18'],
  megabytes: 700,
};

/** Firefox ESR, with the same fonts. */
export const firefoxRoot: DebianRoot = {
  directory: firefoxRootDirectory,
  title: 'Firefox ESR',
  packages: ['firefox-esr', 'fonts-dejavu-core', 'fonts-nanum', 'ca-certificates'],
  megabytes: 1200,
};
