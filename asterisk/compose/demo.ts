import { readSettings, topology } from '@handset/gateway-config';
import { keepSecrets } from '../lab/configuration.ts';
import { prepareDemo } from '../lab/demo.ts';
import { firstKey } from '../lab/welcome.ts';

/** One-shot once the server answers: the demo users, and `lab.json` for other tools. */
const settings = readSettings(process.env);
const { api, publicUrl } = topology(settings, 'compose');
const { apiKey } = await keepSecrets(settings.HANDSET_DATA);
const { description, isNew } = await prepareDemo(settings.HANDSET_DATA, {
  api: `http://${api.host}:${api.port}`,
  url: publicUrl,
  apiKey,
  isSimulated: settings.HANDSET_TRUNK === undefined,
});

// Printed on purpose: these are how one signs in to the demo.
const { users } = description;
const lines = users.map(
  ({ login, password, extension, number }) => `  ${login} / ${password}  extension ${extension}, ${number}`,
);
const [first] = users;
process.stdout.write(
  `Handset is at ${publicUrl}; sign in as\n${lines.join('\n')}\n` +
    `To be called: docker compose exec pstn ring ${first?.number ?? ''}\n` +
    (isNew ? firstKey(apiKey, 'secrets.json in the data volume') : ''),
);
