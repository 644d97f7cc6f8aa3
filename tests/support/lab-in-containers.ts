import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { env } from 'node:process';
import { readSettings, topology } from '@handset/gateway-config';
import { keepSecrets } from '../../asterisk/lab/configuration.ts';
import { type LabDescription, labFile } from '../../asterisk/lab/demo.ts';
import type { LabUnderTest } from './lab.global.ts';

/** Whether the tests run in a container of the compose stack, against that stack. */
export const inContainers = env.HANDSET_TOPOLOGY === 'compose';

/**
 * Takes the running stack for the lab, and makes SIPp its gateway's carrier until `release`.
 * `SIPP_CARRIER` and `SIPP_STRANGERS` are further addresses of this container.
 */
export async function takeStack(): Promise<{ lab: LabUnderTest; release: () => Promise<void> }> {
  const settings = readSettings(env);
  const { ports, page, api, gatewaySip } = topology(settings, 'compose');
  const carrier = { address: addressFrom('SIPP_CARRIER'), port: ports.pstnSip };
  const secrets = await keepSecrets(settings.HANDSET_DATA);
  const database = new URL(settings.DATABASE_URL ?? '');
  database.password = secrets.database;
  const { apiKey, users }: LabDescription = JSON.parse(
    await readFile(labFile(settings.HANDSET_DATA), 'utf8'),
  );
  const lab: LabUnderTest = {
    url: `http://${page.host}:${page.port}`,
    apiKey,
    users,
    data: settings.HANDSET_DATA,
    ports,
    trunk: carrier,
    api: `http://${api.host}:${api.port}`,
    database: database.href,
    sip: {
      gateway: await addressOf(gatewaySip.host),
      phones: await addressOf('tests'),
      strangers: addressFrom('SIPP_STRANGERS'),
    },
  };
  const hosts = [{ host: carrier.address, port: carrier.port }];
  await changeTrunk(lab, { hosts });
  return { lab, release: () => changeTrunk(lab, { fromSettings: true }) };
}

/** Changes the first trunk. */
async function changeTrunk(
  { api, apiKey }: Pick<LabUnderTest, 'api' | 'apiKey'>,
  change: object,
): Promise<void> {
  const response = await fetch(`${api}/v1/trunks/trunk`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  if (!response.ok) throw new Error(`The trunk can't be changed: ${await response.text()}`);
}

async function addressOf(host: string): Promise<string> {
  return (await lookup(host, { family: 4 })).address;
}

function addressFrom(name: 'SIPP_CARRIER' | 'SIPP_STRANGERS'): string {
  const address = env[name];
  if (address === undefined) throw new Error(`${name} must be an address of this container`);
  return address;
}
