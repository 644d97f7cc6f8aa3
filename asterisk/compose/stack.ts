import { type Settings, topology } from '@handset/gateway-config';
import { keepSecrets, renderConfiguration } from '../lab/configuration.ts';

/** The gateway's own role on PostgreSQL; the server grants it the views. */
const GATEWAY_ROLE = 'handset_gateway';

/**
 * Makes the secrets that are missing, and renders the configuration of the parts for containers.
 * @returns the secrets
 */
export async function renderStack(settings: Settings) {
  const { HANDSET_DATA: data, DATABASE_URL } = settings;
  if (DATABASE_URL === undefined) throw new Error('DATABASE_URL must name the stack’s PostgreSQL');
  const secrets = await keepSecrets(data);
  const database = new URL(DATABASE_URL);
  database.username = GATEWAY_ROLE;
  database.password = secrets.gatewayDatabase;
  await renderConfiguration(data, settings, topology(settings, 'compose'), secrets, database);
  return secrets;
}
