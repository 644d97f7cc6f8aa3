import { expect, test } from 'vitest';
import { mediaAddresses } from './media-addresses.ts';

const at = (host: string) => ({ bind: '0.0.0.0', host, port: 8084 });

test('in containers browsers are relayed to the gateway alone', async () => {
  const media = await mediaAddresses({ kind: 'compose', gatewaySip: at('127.0.0.1') }, '198.51.100.7');
  expect(media).toEqual({ peers: ['127.0.0.1'], behindNat: [] });
});

test('natively, an external address stands in for each own one', async () => {
  const { peers, behindNat } = await mediaAddresses(
    { kind: 'native', gatewaySip: at('127.0.0.1') },
    '198.51.100.7',
  );
  expect(peers).toEqual([...behindNat, '198.51.100.7']);
});

test('natively, without an external address nothing is replaced', async () => {
  const media = await mediaAddresses({ kind: 'native', gatewaySip: at('127.0.0.1') }, undefined);
  expect(media.behindNat).toEqual([]);
});
