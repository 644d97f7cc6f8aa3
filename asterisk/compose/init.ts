import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSettings, renderTemplate } from '@handset/gateway-config';
import { repo } from '../lab/places.ts';
import { renderStack } from './stack.ts';

/**
 * One-shot before all else in the compose stack: makes the secrets that are missing, and renders every part's
 * configuration into the volumes from which the containers read it.
 */
const settings = readSettings(process.env);
const secrets = await renderStack(settings);

const roles = await readFile(join(repo, 'asterisk/postgres/roles.sql'), 'utf8');
const passwords = {
  'secrets.database': secrets.database,
  'secrets.gatewayDatabase': secrets.gatewayDatabase,
};
const rendered = join(settings.HANDSET_DATA, 'etc/postgres/roles.sql');
await writeFile(rendered, renderTemplate(roles, passwords), { mode: 0o600 });
