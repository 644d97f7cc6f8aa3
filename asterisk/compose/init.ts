import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings, renderTemplate, topology } from '@handset/gateway-config';
import { keepSecrets, renderConfiguration } from '../lab/configuration.ts';
import { repo } from '../lab/places.ts';

/**
 * One-shot before all else in the compose stack: makes the secrets that are missing, and renders every part's
 * configuration into the volumes from which the containers read it.
 */
const settings = readSettings(process.env);
const { HANDSET_DATA: data, DATABASE_URL } = settings;
if (DATABASE_URL === undefined) throw new Error('DATABASE_URL must name the stack’s PostgreSQL');

const secrets = await keepSecrets(data);
const database = new URL(DATABASE_URL);
database.username = 'handset_gateway';
database.password = secrets.gatewayDatabase;
await renderConfiguration(data, settings, topology(settings, 'compose'), secrets, database);

const roles = await readFile(join(repo, 'asterisk/postgres/roles.sql'), 'utf8');
const passwords = {
  'secrets.database': secrets.database,
  'secrets.gatewayDatabase': secrets.gatewayDatabase,
};
await writeFile(join(data, 'etc/postgres/roles.sql'), renderTemplate(roles, passwords), { mode: 0o600 });
